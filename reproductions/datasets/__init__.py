"""Real data sets: found where the reader keeps them, checked, and read without running anything.

One loader a data set.  Each takes the folder given as ``--data`` (or None), looks there and in what
packages ship (``/usr/share/datasets``), and compares digests of the real files, so that one data
set is never taken for another.  What is missing raises DataMissing with a sentence that says what
is expected and how it is laid out.  Nothing is fetched while a program runs: ``make data`` does
that before (:mod:`.fetch`).  No loader unpickles, since a pickle runs the code of whoever made it.
"""

from .cifar import cifar10, cifar100
from .frames import Clip, frame_folders
from .glue import glue
from .idx import fashion_mnist, mnist
from .image_folders import image_folders
from .images import Images, Split, digits, held_out
from .pictures import read_picture
from .speech import Utterance, speech_commands
from .text import Text, king_james, penn_treebank, wikitext

__all__ = [
    "Clip",
    "Images",
    "Split",
    "Text",
    "Utterance",
    "cifar10",
    "cifar100",
    "digits",
    "fashion_mnist",
    "frame_folders",
    "glue",
    "held_out",
    "image_folders",
    "king_james",
    "mnist",
    "penn_treebank",
    "read_picture",
    "speech_commands",
    "wikitext",
]
