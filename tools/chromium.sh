#!/bin/sh
# A browser for the browser tests: Debian's Chromium, where apt and root are there.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..."
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >/dev/null 2>&1 && exit 0
fi
echo "NO CHROMIUM: the browser tests will be skipped. Install the package 'chromium' to run them."
