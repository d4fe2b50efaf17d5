# ModemManager on the private bus of dbus-run-session: is given the module, looks at it, switches it on and shows it.
# $1 is the abstract socket that leads to the module: ModemManager takes a line that udev does not know only in that form.
set -eu
# Its own log-in checks and mmcli look for the system bus.
export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"

ModemManager --test-session --test-enable --test-no-udev --test-no-suspend-resume --no-auto-scan >&2 &
manager=$!
trap 'kill $manager; wait $manager || true' EXIT

gdbus wait --session --timeout 10 org.freedesktop.ModemManager1
gdbus call --session --dest org.freedesktop.ModemManager1 --object-path /org/freedesktop/ModemManager1 \
  --method org.freedesktop.ModemManager1.Test.SetProfile vmodem generic "['abstract:$1']" >&2

# Waits for a state, 15 s at most.
reach() {
  tries=75
  until mmcli -m any --output-keyvalue 2>/dev/null | grep -q "^modem.generic.state *: $1\$"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || exit 1
    sleep 0.2
  done
}
reach disabled
mmcli -m any --enable >&2
reach registered
mmcli -m any --output-keyvalue
