"""How positions in a PDF become points from the top left of the page as it is read."""

from __future__ import annotations

import ctypes

import pypdfium2.raw as pdfium

from papers.pdf.layout import Page


def page_transform(handle: object, page: Page) -> tuple[float, ...]:
    """Matrix from PDF user space to points from the top left of the upright page."""
    # PDFium answers in whole pixels: with this scale, in thousandths of a point.
    unit = 1_000
    corners = []
    x, y = ctypes.c_double(), ctypes.c_double()
    width, height = max(1, int(page.width * unit)), max(1, int(page.height * unit))
    for device_x, device_y in ((0, 0), (width, 0), (0, height)):
        pdfium.FPDF_DeviceToPage(handle, 0, 0, width, height, 0, device_x, device_y, x, y)
        corners.append((x.value, y.value))
    (ox, oy), (rx, ry), (dx, dy) = corners
    ux, uy = (rx - ox) / (page.width or 1), (ry - oy) / (page.width or 1)
    vx, vy = (dx - ox) / (page.height or 1), (dy - oy) / (page.height or 1)
    determinant = ux * vy - uy * vx
    # A matrix that squeezes the page to a line cannot be inverted.
    if abs(determinant) < 1e-9:
        return (1.0, 0.0, 0.0, -1.0, 0.0, page.height)
    a, c = vy / determinant, -vx / determinant
    b, d = -uy / determinant, ux / determinant
    return (a, b, c, d, -(a * ox + c * oy), -(b * ox + d * oy))


def quarter_turn(matrix: tuple[float, ...], page: Page) -> tuple[float, ...]:
    """The transform onto the page turned clockwise by a quarter; the page changes its sides."""
    a, b, c, d, e, f = matrix
    turned = (-b, a, -d, c, page.height - f, e)
    page.width, page.height = page.height, page.width
    return turned
