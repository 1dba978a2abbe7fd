# SPDX-License-Identifier: Apache-2.0
# lib <- spec <- {store, runtime, netsetup}; store <- {puller, builder, engine}: by what is included.
cd "${KIST_SOURCE:-.}" || exit 99

may_include() {
	case $1 in
	lib) echo 'lib' ;;
	spec) echo 'lib spec' ;;
	store) echo 'lib spec store' ;;
	runtime) echo 'lib spec runtime' ;;
	netsetup) echo 'lib spec netsetup' ;;
	puller) echo 'lib spec store puller' ;;
	builder) echo 'lib spec store builder' ;;
	engine) echo 'lib spec store engine' ;;
	esac
}

bad=0
for room in lib spec store runtime netsetup puller builder engine; do
	allowed=$(may_include $room)
	for file in "$room"/*.c "$room"/*.h "$room"/*/*.c "$room"/*/*.h; do
		[ -f "$file" ] || continue
		for included in $(sed -nE 's/^#include "([a-z]+)\/.*/\1/p' "$file"); do
			case " $allowed " in
			*" $included "*) ;;
			*)
				echo "$file includes $included/, $room may only include: $allowed"
				bad=1
				;;
			esac
		done
	done
done

# docker's words stand in engine/ only
if find lib spec store runtime netsetup puller builder -name '*.[ch]' -exec \
	grep -nE '"(HostConfig|PortBindings|NetworkSettings|GraphDriver)"' {} + | grep .; then
	echo "docker's words stand outside of engine/"
	bad=1
fi

# children start through lib/spawn, functions that are never right are banned
if find lib spec store runtime netsetup puller builder engine -name '*.c' -exec \
	grep -nE '\b(system|popen|posix_spawnp?|gets|strcpy|strcat|sprintf|mktemp|tmpnam|alloca)\(' {} + | grep .; then
	echo "banned functions are used"
	bad=1
fi

# every file says its licence in its first two lines
for file in $(git ls-files '*.c' '*.h' '*.sh' '*.mk' 2>/dev/null); do
	head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || {
		echo "$file has no SPDX line"
		bad=1
	}
done
exit $bad
