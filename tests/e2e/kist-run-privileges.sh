# SPDX-License-Identifier: Apache-2.0
# Each flag that gives a container more gives that and nothing else: capabilities, filter, masks, mounts and
# devices of --privileged, --cap-add ALL, seccomp=unconfined, exec --privileged, and of the default (R17, R24).
# What an image asks for gives nothing: VOLUME over procfs is refused (R09).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
cat >report <<'END2'
status() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }
echo "caps $(status CapEff) $(status CapPrm) $(status CapBnd) inheritable $(status CapInh) ambient $(status CapAmb)"
echo "seccomp $(status Seccomp) nnp $(status NoNewPrivs)"
options() { awk -v d="$1" '$5 == d {split($6, o, ","); r = o[1]} END {print r}' /proc/self/mountinfo; }
# written is what was there before, so that a success changes nothing
may_write() { (cat "$1" >/tmp/value && cat /tmp/value >"$1") 2>/dev/null && echo yes || echo no; }
echo "sysctl $(may_write /proc/sys/kernel/core_pattern) sys $(options /sys)"
masked=0
while read -r path; do
	[ -e "$path" ] || continue
	if [ -d "$path" ]; then [ -z "$(ls -A "$path")" ] && masked=$((masked + 1)) || echo "seen $path"
	else [ -c "$path" ] && [ -z "$(head -c 1 "$path")" ] && masked=$((masked + 1)) || echo "seen $path"; fi
done </masked
echo "masked $masked"
echo "devices $(cd /dev && ls | tr '\n' ' ')"
END2
# docker's list, less what this machine does not have; what is empty on the host says nothing
: >masked
for path in /proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug \
	/proc/scsi /proc/timer_list /proc/timer_stats /sys/devices/virtual/powercap /sys/firmware \
	/sys/devices/system/cpu/cpu*/thermal_throttle; do
	if [ -d "$path" ] && [ -n "$(ls -A "$path")" ]; then echo "$path"; fi
	if [ -f "$path" ] && [ -n "$(head -c 1 "$path" 2>/dev/null | tr '\0' x)" ]; then echo "$path"; fi
done >masked
grep -q /proc/timer_list masked || fail "the host itself shows nothing of what is masked: $(cat masked)"
all=$(wc -l <masked)
mine=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
DEFAULT=00000000a80425fb
core=
[ ! -e /proc/kcore ] || core='core '
MINIMAL="devices ${core}fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero "

# report [OPTION...]: what the container sees, in $T/out
report() { status 0 run --rm -v "$T/report:/report:ro" -v "$T/masked:/masked:ro" "$@" busybox sh /report; }
caps() { says "caps $1 $1 $1 inheritable 0000000000000000 ambient 0000000000000000"; }
unmasked() { says "masked 0"; [ "$(grep -c '^seen' "$T/out")" = "$all" ] || fail "$1: not every path is seen"; }
is_default() { # WHAT: but for capabilities and filter
	says "sysctl no sys ro"
	says "masked $all"
	says "$MINIMAL"
}

report
caps $DEFAULT
says 'seccomp 2 nnp 0'
is_default

report --cap-add ALL
caps "$mine"
says 'seccomp 2 nnp 0'
# what CAP_SYS_ADMIN may write is not there to be written
is_default

report --security-opt seccomp=unconfined
caps $DEFAULT
says 'seccomp 0 nnp 0'
is_default

report --security-opt no-new-privileges
caps $DEFAULT
says 'seccomp 2 nnp 1'
is_default

report --security-opt systempaths=unconfined
caps $DEFAULT
says 'seccomp 2 nnp 0'
unmasked systempaths
says "$MINIMAL"

report --privileged
caps "$mine"
says 'seccomp 0 nnp 0'
says 'sysctl yes sys rw'
unmasked --privileged
# all the host's devices, but the console, which is the terminal's place
for device in /dev/*; do
	[ ! -c "$device" ] || [ "$device" = /dev/console ] || grep -q "^devices.* $(basename "$device") " "$T/out" || fail "no $device"
done

# exec --privileged has capabilities; the container stays what it is, and the next exec has none of it
run -d --name plain -v "$T/report:/report:ro" -v "$T/masked:/masked:ro" busybox sleep 1000 >/dev/null || fail 'run -d'
status 0 kist exec --privileged plain sh /report
caps "$mine"
is_default
status 0 kist exec plain sh /report
caps $DEFAULT
says 'seccomp 2 nnp 0'
is_default
status 0 kist exec -u 1 plain grep -E '^(Cap(Inh|Prm|Eff|Amb)|Uid):' /proc/self/status
[ "$(grep -c 0000000000000000 "$T/out")" = 4 ] || fail 'a user has capabilities'
grep -q '^Uid:.1.1.1.1$' "$T/out" || fail 'not user 1'
status 0 kist rm -f plain
# and after a privileged container the next one is what the first was
report
caps $DEFAULT
is_default

# an image that declares a volume over procfs
for path in /proc /proc/self /proc/self/attr /proc/sys //proc/../proc/; do
	umoci config --image "$LAYOUT:busybox" --tag evil --config.volume "$path" >/dev/null 2>&1 || fail umoci
	tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'
	kist run --rm --net none evil sh -c 'echo ran' >"$T/out" 2>"$T/err" && fail "a volume over $path"
	grep -q 'procfs\|/proc' "$T/err" || fail "it is not said why $path is refused"
	umoci rm --image "$LAYOUT:evil" >/dev/null 2>&1
	kist rmi evil >/dev/null
done
kist volume prune -a -f >/dev/null
nothing_left
