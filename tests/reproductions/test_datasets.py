"""Real data sets: taken by their content, never by their name, and never unpickled."""

import gzip
import io
import pickle
import tarfile
import wave

import numpy as np
import pytest
import torch

from reproductions.datasets import (
    cifar,
    fetch,
    files,
    frame_folders,
    glue,
    idx,
    image_folders,
    read_picture,
    speech,
    text,
)
from reproductions.protocol import DataMissing


@pytest.fixture(autouse=True)
def _no_packages(monkeypatch):
    monkeypatch.setattr(files, "PACKAGED", ())


def idx_file(values: np.ndarray) -> bytes:
    sizes = b"".join(int(size).to_bytes(4, "big") for size in values.shape)
    return b"\0\0\x08" + bytes([values.ndim]) + sizes + values.astype(np.uint8).tobytes()


def four_files(seed: int) -> dict[str, bytes]:
    """Twelve images to train and ten to test, under the names of MNIST."""
    noise = np.random.default_rng(seed)
    return {
        idx.TRAIN_IMAGES: idx_file(noise.integers(0, 256, (12, 28, 28))),
        idx.TRAIN_LABELS: idx_file(noise.integers(0, 10, 12)),
        idx.TEST_IMAGES: idx_file(noise.integers(0, 256, (10, 28, 28))),
        idx.TEST_LABELS: idx_file(noise.integers(0, 10, 10)),
    }


def test_mnist_is_read_packed_or_not_and_below_the_folder(tmp_path, monkeypatch):
    content = four_files(0)
    monkeypatch.setattr(idx, "MNIST", {name: files.digest(each) for name, each in content.items()})
    monkeypatch.setattr(idx, "held_out", lambda train, test: (train, test))
    (tmp_path / "sets" / "mnist").mkdir(parents=True)
    for number, (name, each) in enumerate(content.items()):
        place = tmp_path / "sets" / "mnist" / (name + ".gz" * (number % 2))
        place.write_bytes(gzip.compress(each) if number % 2 else each)

    train, test = idx.mnist(tmp_path)

    assert train.x.shape == (12, 1, 28, 28)
    assert test.y.tolist() == list(content[idx.TEST_LABELS][8:])
    assert train.x.max() <= 1


def test_fashion_mnist_is_not_taken_for_mnist(tmp_path):
    for name, each in four_files(1).items():
        (tmp_path / name).write_bytes(each)

    with pytest.raises(DataMissing, match="other content than that of MNIST"):
        idx.mnist(tmp_path)
    with pytest.raises(DataMissing, match="in the folder of data"):
        idx.mnist(None)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"\0\0\x0d\x01\0\0\0\x01a", "begins with"), (idx_file(np.zeros((3, 4)))[:-1], "holds 11")],
)
def test_broken_idx_files_are_told(content, why):
    with pytest.raises(DataMissing, match=why):
        idx.read_idx(content)


def test_the_pickled_cifar_is_refused_with_the_layout_that_is_wanted(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "data_batch_1").write_bytes(pickle.dumps({"data": "anything"}))

    with pytest.raises(DataMissing, match=r"run the code.*cifar-10-binary\.tar\.gz"):
        cifar.cifar10(tmp_path)
    with pytest.raises(DataMissing, match="cifar-100-binary"):
        cifar.cifar100(tmp_path)


def test_another_archive_of_the_name_is_no_cifar(tmp_path):
    with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("cifar-10-batches-bin/test_batch.bin"), io.BytesIO())

    with pytest.raises(DataMissing, match="is another file"):
        cifar.cifar10(tmp_path)


def test_cifar_records_are_planes_and_their_classes_are_balanced():
    pixels = np.arange(20 * cifar.PIXELS, dtype=np.uint8).reshape(20, -1)
    labels = np.arange(20, dtype=np.uint8)[:, None] % 10
    content = np.concatenate([labels, pixels], axis=1).tobytes()

    images = cifar._images(content, cifar.CIFAR10, count=20)

    assert images.y.tolist() == labels[:, 0].tolist()
    assert images.x[3, 1, 2, 5].item() == pytest.approx(pixels[3, 1024 + 2 * 32 + 5] / 255)
    with pytest.raises(DataMissing, match="every class"):
        cifar._images(content.replace(content[:1], b"\x01", 1), cifar.CIFAR10, count=20)
    with pytest.raises(DataMissing, match="records"):
        cifar._images(content[:-1], cifar.CIFAR10, count=20)


def test_pixmaps_are_read_without_a_package(tmp_path):
    (tmp_path / "a.ppm").write_bytes(b"P6\n# made here\n2 1\n255\n" + bytes([255, 0, 0, 0, 0, 51]))
    (tmp_path / "b.pgm").write_bytes(b"P5 1 2 15 " + bytes([15, 3]))
    (tmp_path / "c.pgm").write_bytes(b"P5 2 2 255 " + bytes(3))

    assert read_picture(tmp_path / "a.ppm").tolist() == [
        [[1, 0]],
        [[0, 0]],
        [[0, pytest.approx(0.2)]],
    ]
    assert read_picture(tmp_path / "b.pgm")[:, :, 0].tolist() == [[1, pytest.approx(0.2)]] * 3
    with pytest.raises(DataMissing, match="2x2 promised"):
        read_picture(tmp_path / "c.pgm")


def test_folders_of_pictures_and_of_frames(tmp_path):
    for part, kind in (("train", "cat"), ("train", "dog"), ("val", "cat"), ("val", "dog")):
        place = tmp_path / "pets" / part / kind
        place.mkdir(parents=True)
        (place / "1.ppm").write_bytes(b"")
    clip = tmp_path / "clips" / "run" / "c1"
    clip.mkdir(parents=True)
    for name in ("2.ppm", "1.ppm", "notes.txt"):
        (clip / name).write_bytes(b"")
    (tmp_path / "clips" / "train.txt").write_text("run/c1\n")
    (tmp_path / "clips" / "test.txt").write_text("run/c1\n")

    parts = image_folders("pets", tmp_path, classes=2)
    clips = frame_folders("clips", tmp_path)

    assert [label for _, label in parts["val"]] == [0, 1]
    assert [frame.name for frame in clips["train"][0].frames] == ["1.ppm", "2.ppm"]
    with pytest.raises(DataMissing, match="1000 classes expected, 2 there"):
        image_folders("pets", tmp_path, classes=1000)
    (tmp_path / "clips" / "test.txt").write_text("run/../../c1\n")
    with pytest.raises(DataMissing, match="no folder of frames"):
        frame_folders("clips", tmp_path)


def test_the_bible_is_split_by_chapters(tmp_path, monkeypatch):
    lines = [
        f"Ge{chapter}:{verse} c{chapter} v{verse}" for chapter in range(1, 13) for verse in (1, 2)
    ]
    content = "\n\n".join(lines)
    (tmp_path / "king-james.txt").write_text(content)
    monkeypatch.setattr(text, "KING_JAMES_MD5", files.digest(content.encode()))

    parts = text.king_james(tmp_path)

    assert parts.test.splitlines() == ["c10 v1", "c10 v2"]
    assert parts.validation.splitlines() == ["c1 v1", "c1 v2", "c11 v1", "c11 v2"]
    assert len(parts.train.splitlines()) == 18
    with pytest.raises(DataMissing, match=r"ptb\.train\.txt"):
        text.penn_treebank(tmp_path)


def test_wikitext_is_known_by_its_tokens(tmp_path, monkeypatch):
    place = tmp_path / "wikitext-2"
    place.mkdir()
    for part in ("train", "valid", "test"):
        (place / f"wiki.{part}.tokens").write_text("a b\nc\n")
    monkeypatch.setattr(text, "_TEST_TOKENS", 5)
    monkeypatch.setattr(text, "_TRAIN_TOKENS", {2: 5})
    assert text.wikitext(tmp_path).train == "a b\nc\n"

    monkeypatch.setattr(text, "_TRAIN_TOKENS", {2: 6})
    with pytest.raises(DataMissing, match="6 tokens in train, not 5"):
        text.wikitext(tmp_path)


def test_glue_reads_quotes_as_they_stand_and_counts_its_rows(tmp_path):
    place = tmp_path / "RTE"
    place.mkdir()
    rows = "index\tsentence1\tsentence2\tlabel\n" + '0\tsays "no\tand goes\tentailment\n' * 2
    for name in ("train.tsv", "dev.tsv"):
        (place / name).write_text(rows)

    with pytest.raises(DataMissing, match=r"277 rows in dev\.tsv, not 2"):
        glue("RTE", tmp_path)
    assert rows.count("\n") == 3
    (place / "dev.tsv").write_text(rows.split("\n")[0] + "\n" + '0\ta "b\tc\tentailment\n' * 277)
    assert glue("RTE", tmp_path)["train"][0] == (('says "no', "and goes"), "entailment")
    (place / "train.tsv").write_text("a\tb\n")
    with pytest.raises(DataMissing, match="no column label, sentence1, sentence2"):
        glue("RTE", tmp_path)


def test_speech_is_split_by_its_lists(tmp_path, monkeypatch):
    place = tmp_path / "speech_commands_v0.02"
    for name in ("yes/a.wav", "yes/b.wav", "no/c.wav", "_background_noise_/d.wav"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(place / name), "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(16_000)
            recording.writeframes(np.array([16384, -32768], "<i2").tobytes())
    (place / "validation_list.txt").write_text("yes/a.wav\n")
    (place / "testing_list.txt").write_text("no/c.wav\n")
    with pytest.raises(DataMissing, match="9981 lines"):
        speech.speech_commands(tmp_path)
    monkeypatch.setattr(speech, "FILES", dict.fromkeys(speech.FILES, 1))

    parts = speech.speech_commands(tmp_path)

    assert [each.path.name for each in parts["train"]] == ["b.wav"]
    assert parts["test"][0].word == "no"
    samples = parts["test"][0].samples()
    assert samples.shape == (16_000,)
    assert samples[:3].tolist() == [0.5, -1.0, 0.0]


def test_what_is_fetched_is_kept_only_with_its_digest(tmp_path):
    def source(content: bytes, md5: str):
        return fetch.Source("Toy", "toy", {"a": md5}, "MIT", "bring it", lambda _: {"a": content})

    good = source(b"real", files.digest(b"real"))

    assert "not kept" in fetch.fetch(source(b"fake", files.digest(b"real")), tmp_path)
    assert not (tmp_path / "toy").exists()
    assert fetch.fetch(good, tmp_path).startswith("Toy: 1 files")
    assert (tmp_path / "toy" / "a").read_bytes() == b"real"
    assert "there already" in fetch.fetch(good, tmp_path)


def test_what_cannot_be_fetched_is_told_with_the_command_that_would(tmp_path):
    def bring(_):
        return {"a": fetch._call(tmp_path, "no-such-command-anywhere")}

    told = fetch.fetch(
        fetch.Source("Toy", "toy", {"a": ""}, "MIT", "apt-get install toy", bring), tmp_path
    )

    assert "not fetched" in told
    assert "apt-get install toy" in told


def test_digits_are_split_without_overlap():
    from reproductions.datasets import digits

    split = digits(3)

    sizes = [len(part) for part in (split.train, split.validation, split.test)]
    assert sizes == [952, 305, 540]
    assert torch.bincount(split.test.y).min() > 50
