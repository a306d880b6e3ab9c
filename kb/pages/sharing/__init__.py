"""Records as others show them: pictures for links, small cards in frames, oEmbed."""
