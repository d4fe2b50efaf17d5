#!/bin/sh
# Installs the real servers and clients that the tests of this folder run against, or those of another list, as far as they
# are missing.
# Debian starts a server that it installs; ours are started by the tests, so that is prevented.
set -eu

missing=
while read -r package; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done <"${1:-$(dirname "$0")/packages.txt}"
[ -n "$missing" ] || exit 0

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
