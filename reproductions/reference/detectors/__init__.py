"""Detectors on pyramids, with attention in the backbone or involution in any part."""
