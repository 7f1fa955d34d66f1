#!/bin/sh
# `npm run alone -- COMMAND…`: runs it on a machine that reaches nothing but itself, and counts what it tried to send elsewhere
# (Q57). Everything for another address, a name server too, goes into a wire whose other end nobody holds. Linux, as root.
set -eu
if [ "${ALONE:-}" != 1 ]; then ALONE=1 exec unshare -n -m sh "$0" "$@"; fi

# Where a hosts file gives localhost in one form only, the C library asks a name server for the other.
hosts=$(mktemp)
printf '127.0.0.1 localhost\n::1 localhost\n' > "$hosts"
mount --bind "$hosts" /etc/hosts

ip link set lo up
ip link add out type veth peer name nowhere
echo 1 > /proc/sys/net/ipv6/conf/out/disable_ipv6
ip link set out up
ip link set nowhere up
ip address add 192.0.2.1/24 dev out
ip route add default via 192.0.2.2
ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:01 dev out nud permanent

sent() { ip -s -j link show out | sed 's/.*"tx":{"bytes":[0-9]*,"packets":\([0-9]*\).*/\1/'; }
before=$(sent)
code=0
"$@" || code=$?
tried=$(($(sent) - before))
echo "$tried packets to other addresses"
[ "$code" -eq 0 ] && [ "$tried" -eq 0 ]
