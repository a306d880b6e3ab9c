"""One thread for PyTorch: these tests are small, and threads that wait for a core only spin."""

import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)
