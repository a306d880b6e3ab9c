"""The sub-networks that the authors specialised and released, by the names of their table.

Sources: han-cai/files, ofa/ofa_specialized/<network>/net.config (blocks) and run.config (image
size), at a7c9bcd5.  A block is two digits, kernel and expansion; a slash ends a stage.  Everything
else is the same for all networks of a space; see `model.SPACES`.  The networks of the ResNet50D
space are not among those files.
"""

from .model import Setting


def setting(space: str, image_size: int, blocks: str) -> Setting:
    """Read "33 54 / 76 33": two stages of two blocks, the second with kernel 5 and expansion 4."""
    stages = tuple(
        tuple((int(block[0]), int(block[1])) for block in stage.split())
        for stage in blocks.split("/")
    )
    return Setting(space, image_size, stages)


RELEASED = {
    "595m": setting(
        "mobilenet-v3-1.2", 236, "33 54 33 / 54 54 36 53 / 76 56 33 54 / 36 56 76 34 / 36 36 56 33"
    ),
    "482m": setting(
        "mobilenet-v3-1.2", 224, "53 33 33 / 54 34 54 33 / 54 56 33 33 / 56 76 36 54 / 76 36 36 33"
    ),
    "389m": setting(
        "mobilenet-v3-1.2", 224, "33 33 / 53 56 33 / 54 54 33 / 56 54 34 34 / 36 36 76 33"
    ),
    "lg-24": setting(
        "mobilenet-v3-1.0", 220, "33 33 / 74 53 33 / 56 54 53 / 34 74 53 / 56 76 36 34"
    ),
    "lg-16": setting(
        "mobilenet-v3-1.0", 176, "33 33 / 74 53 33 / 56 54 53 / 34 74 53 / 56 76 36 34"
    ),
    "lg-11": setting("mobilenet-v3-1.0", 156, "33 33 / 53 34 74 / 54 33 / 54 34 53 / 56 76 54"),
    "lg-8": setting("mobilenet-v3-1.0", 144, "33 33 / 54 53 / 53 33 33 / 36 74 / 36 74"),
    "s7edge-88": setting(
        "mobilenet-v3-1.0", 192, "53 34 / 56 36 34 / 74 56 53 / 56 56 34 54 / 36 76 36 34"
    ),
    "s7edge-58": setting(
        "mobilenet-v3-1.0", 192, "33 33 / 53 34 / 74 53 34 33 / 34 34 33 / 36 54 54"
    ),
    "s7edge-41": setting("mobilenet-v3-1.0", 160, "33 33 / 53 34 / 74 54 / 34 34 33 / 36 54 33 33"),
    "s7edge-29": setting("mobilenet-v3-1.0", 144, "33 33 / 53 34 / 54 34 / 54 54 / 36 53"),
    "note8-65": setting(
        "mobilenet-v3-1.0", 204, "73 33 / 34 54 33 / 76 36 34 / 56 36 34 / 56 54 54 33"
    ),
    "note8-49": setting(
        "mobilenet-v3-1.0", 176, "53 34 / 54 34 74 / 74 73 34 / 34 36 34 / 36 56 36 54"
    ),
    "note8-31": setting(
        "mobilenet-v3-1.0", 152, "53 33 / 54 53 / 34 34 54 / 34 53 74 / 36 33 53 53"
    ),
    "note8-22": setting("mobilenet-v3-1.0", 140, "33 33 / 53 53 / 74 33 / 53 34 / 36 76"),
    "note10-64": setting(
        "mobilenet-v3-1.2", 260, "33 36 33 / 54 36 33 53 / 56 56 34 74 / 56 36 36 34 / 36 36 56 33"
    ),
    "note10-50": setting(
        "mobilenet-v3-1.2", 220, "53 36 36 / 54 36 36 53 / 76 76 34 54 / 76 56 36 36 / 36 36 36"
    ),
    "note10-41": setting(
        "mobilenet-v3-1.2", 220, "33 34 / 74 34 36 / 76 36 33 34 / 36 56 36 34 / 36 36 36 33"
    ),
    "note10-30": setting(
        "mobilenet-v3-1.2", 224, "33 33 / 54 33 34 / 54 54 33 / 36 34 34 / 36 36 34 33"
    ),
    "note10-22": setting(
        "mobilenet-v3-1.0", 224, "33 33 / 53 34 34 / 74 54 54 / 54 36 34 / 36 36 36 33"
    ),
    "note10-16": setting(
        "mobilenet-v3-1.0", 192, "33 33 / 53 54 34 33 / 54 54 33 / 54 54 33 / 36 74 54 33"
    ),
    "note10-11": setting("mobilenet-v3-1.0", 176, "33 33 / 54 34 / 54 34 / 34 33 33 / 34 54 54"),
    "note10-08": setting("mobilenet-v3-1.0", 160, "33 33 / 33 34 / 34 33 33 / 33 34 / 34 54"),
    "pixel1-143": setting(
        "mobilenet-v3-1.2", 240, "53 36 33 / 56 56 36 53 / 76 56 36 34 / 56 36 56 34 / 36 36 56 33"
    ),
    "pixel1-132": setting(
        "mobilenet-v3-1.2", 228, "53 36 / 54 56 36 53 / 76 56 36 54 / 56 56 56 54 / 36 36 56 33"
    ),
    "pixel1-79": setting(
        "mobilenet-v3-1.2", 224, "33 33 / 53 34 / 74 54 33 / 56 34 34 33 / 36 36 36 33"
    ),
    "pixel1-58": setting(
        "mobilenet-v3-1.0", 220, "33 33 / 74 53 33 / 56 54 53 / 34 74 53 / 56 76 36 34"
    ),
    "pixel1-40": setting(
        "mobilenet-v3-1.0", 172, "53 34 / 54 34 74 / 74 73 34 / 34 36 34 / 36 56 36 54"
    ),
    "pixel1-28": setting("mobilenet-v3-1.0", 160, "33 34 / 73 36 34 / 73 36 / 36 54 / 36 34 33 36"),
    "pixel1-20": setting("mobilenet-v3-1.0", 152, "33 33 / 53 53 / 74 33 / 53 34 / 36 76"),
    "pixel2-62": setting(
        "mobilenet-v3-1.0", 208, "33 33 / 74 53 33 / 56 54 53 / 34 74 53 / 56 76 36 34"
    ),
    "pixel2-50": setting("mobilenet-v3-1.0", 208, "33 34 / 33 33 / 33 56 / 56 74 / 36 53 74 53"),
    "pixel2-35": setting(
        "mobilenet-v3-1.0", 160, "33 33 / 33 34 36 / 74 74 / 54 33 33 73 / 74 76 73 53"
    ),
    "pixel2-25": setting("mobilenet-v3-1.0", 144, "33 33 / 56 54 / 74 33 / 74 73 34 / 56 34"),
    "1080ti-27": setting(
        "proxyless-1.3", 188, "33 33 / 36 56 34 34 / 56 33 54 / 56 34 54 / 36 56 73 36 / 76"
    ),
    "1080ti-22": setting(
        "proxyless-1.3", 188, "33 33 / 53 36 / 34 54 36 / 34 36 74 / 36 54 54 / 34"
    ),
    "1080ti-15": setting(
        "proxyless-1.3", 144, "34 34 / 36 36 34 / 33 53 / 33 54 33 36 / 36 76 74 36 / 53"
    ),
    "1080ti-12": setting(
        "proxyless-1.3", 128, "33 33 / 36 54 54 / 56 53 73 / 34 73 36 34 / 76 54 73 53 / 36"
    ),
    "v100-11": setting(
        "proxyless-1.3", 192, "33 33 / 56 53 / 73 33 74 / 74 54 33 74 / 36 56 54 36 / 34"
    ),
    "v100-09": setting("proxyless-1.3", 188, "33 33 / 53 36 / 34 54 36 / 34 36 74 / 36 54 54 / 34"),
    "v100-06": setting("proxyless-1.3", 144, "33 34 / 53 34 / 36 73 33 / 53 54 36 / 36 54 33 / 34"),
    "v100-05": setting("proxyless-1.3", 128, "33 33 / 53 36 / 34 54 36 / 34 36 74 / 36 54 54 / 34"),
    "tx2-96": setting(
        "proxyless-1.3", 172, "33 34 36 / 73 54 / 34 54 54 53 / 54 73 73 36 / 36 36 56 34 / 53"
    ),
    "tx2-80": setting("proxyless-1.3", 188, "33 33 / 53 36 / 34 54 36 / 34 36 74 / 36 54 54 / 34"),
    "tx2-47": setting("proxyless-1.3", 144, "33 34 / 53 34 / 36 73 33 / 53 54 36 / 36 54 33 / 34"),
    "tx2-35": setting("proxyless-1.3", 128, "34 33 / 36 76 / 56 53 / 53 34 / 56 34 / 54"),
    "cpu-17": setting("proxyless-1.3", 208, "33 34 / 53 34 / 36 73 33 / 53 54 36 / 36 54 33 / 34"),
    "cpu-15": setting("proxyless-1.3", 188, "33 33 / 34 36 / 76 34 / 54 36 36 / 56 33 / 76"),
    "cpu-11": setting("proxyless-1.3", 144, "54 53 / 33 73 / 54 34 73 / 54 74 / 36 34 / 54"),
    "cpu-10": setting("proxyless-1.3", 144, "54 33 / 33 33 / 73 33 73 / 53 54 / 53 34 / 34"),
}
