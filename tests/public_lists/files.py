"""Small lists in the shapes of real ones, and a world to take them into."""

from __future__ import annotations

from tests import make

SEED = """Materials of nets / 网络资料

- [Papers](#papers)

# Classification
* 样本自适应
  * 早退机制
    * 单模型增加中间层分类器

# Papers

## Survey
(num) 2021 = 16,
| **Date** | **Paper** | **Focused On** | **Notes** |
| --- | --- | --- | --- |
| 2021  |  |  |  |

----

## 早退
(num) 2021 = 16,
| **Date** | **Paper** | **Focused On** | **Notes** |
| --- | --- | --- | --- |
| 2018 ICML  |  Dense networks of many scales | 早退，减少20%~30%计算 | read |
| 2020 ACL  |  FastNet: a self-distilling net [[paper]](https://a.org/f.pdf) [[code]](https://github.com/a/b) | | |

----
"""

SISTER = """Accelerators

# Book
* [Chips](https://www.morganclaypool.com/doi/10.2200/S01)

# Papers

## Graph / Runtime
(num) 2021 = 1,
| **Date** | **Paper** | **Main Contribute** | **Notes** |
| --- | --- | --- | --- |
| 2021 HPCA | P-OPT: Caches for *graphs* & [sets][[paper]](https://b.org/x_(1).pdf)[[slides]](https://b.org/s.pdf) | | |
| 2020 ISCA | Dense networks of many scales | a \\| b_c | |

# Some others
| **Date** | **Paper** | **Domain** | **Notes** |
| --- | --- | --- | --- |
| 2020 ISCA | Values in focus | 5 * 3 | <b> |
"""


def papers() -> None:
    """The paper that both lists name."""
    make.venue("ICML")
    make.paper("Dense Networks of Many Scales", key="dense2018")
