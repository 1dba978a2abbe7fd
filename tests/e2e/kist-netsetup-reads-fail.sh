# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A directory that cannot be read to its end is not taken for one that ends there: a port that another container has is
# not given again, a network with containers is not removed, and nothing of what was recorded is forgotten.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/netsetup.sh"
need strace
traced -o trace true 2>/dev/null || skip 'strace cannot trace here'

# each_read WHAT COMMAND...: it fails for every read that fails; $got is its status when none of them does
each_read() {
	what=$1
	shift
	n=0
	while n=$((n + 1)); do
		rm -f trace
		traced -f -o trace -e trace=getdents64 -e inject=getdents64:error=EIO:when=$n "$@" >out 2>err
		got=$?
		[ $got != 0 ] || ! grep -q INJECTED trace || fail "$what: read $n failed, and nobody noticed"
		[ "$got" = 0 ] || [ -s err ] || fail "$what: read $n failed without a word"
		grep -q INJECTED trace || break
	done
	[ $n -gt 1 ] || fail "$what: no directory is read"
}
TAKEN='.ports = [{"host_ip":"127.0.0.1","host_port":8080,"container_port":80}]'
ROW='.ports = [{"host_ip":"127.0.0.1","host_port":9000,"container_port":90,"count":3}]'
kist-netsetup create small --subnet 10.99.0.0/29 >/dev/null || fail create
check 'a container' up 1 '.network = "small" | '"$TAKEN"
mkdir -p files-2
# that port again, and a row of ports in which it is
for ports in "$TAKEN" '.ports = [{"host_ip":"127.0.0.1","host_port":8079,"container_port":90,"count":3}]'; do
	config 2 "$ports" >wish
	each_read 'a port that is taken' sh -c 'exec kist-netsetup setup "$T/netns/2" <wish'
	[ "$got" = 4 ] || fail "without a failure it is not refused: $(cat err)"
	complains 'already allocated'
done
# the network is in use, whatever can be read of it
each_read 'rm of a network in use' kist-netsetup rm small
[ "$got" = 4 ] || fail 'a network in use was removed'
each_read 'ls' kist-netsetup ls
each_read 'inspect' kist-netsetup inspect small
# a subnet of which nobody can tell whether it is free
each_read 'create' kist-netsetup create other --subnet 10.99.0.0/30
[ "$got" = 4 ] || fail 'a subnet was promised twice'
# all is as before
down 1 '.network = "small" | '"$TAKEN"
config 2 "$ROW" >wish
status 0 kist-netsetup setup "$T/netns/2" <wish
down 2 "$ROW"
status 0 kist-netsetup rm small
nothing_left
