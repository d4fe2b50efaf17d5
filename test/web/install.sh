#!/bin/sh
# Installs Debian's Chromium where no Chromium is found.
set -eu

command -v chromium >/dev/null || command -v google-chrome >/dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
}
