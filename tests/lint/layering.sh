# SPDX-License-Identifier: Apache-2.0
# Who may include whom. A file belongs to the innermost room that is named here; a room that is not
# named for another may not be included by it.
cd "${KIST_SOURCE:-.}" || exit 99

rooms='lib spec store store/archive store/layer runtime runtime/monitor netsetup netsetup/driver puller builder builder/dockerfile
	engine/docker engine/verb engine/cli engine/api engine/hello'

may_include() {
	case $1 in
	lib) echo 'lib' ;;
	spec) echo 'lib spec' ;;
	store/archive) echo 'lib spec store/archive' ;;
	store/layer) echo 'lib spec store/layer' ;;
	store) echo 'lib spec store store/archive store/layer' ;;
	runtime) echo 'lib spec runtime' ;;
	runtime/monitor) echo 'lib spec runtime runtime/monitor' ;;
	netsetup | netsetup/driver) echo 'lib spec netsetup netsetup/driver' ;;
	puller) echo 'lib spec store store/layer puller' ;;
	builder/dockerfile) echo 'lib builder/dockerfile' ;;
	builder) echo 'lib spec store store/layer builder builder/dockerfile' ;;
	engine/docker) echo 'lib spec engine/docker' ;;
	engine/verb) echo 'lib spec store engine/docker engine/verb engine/hello' ;;
	engine/cli) echo 'lib spec store engine/docker engine/verb engine/cli' ;;
	engine/api) echo 'lib spec store engine/docker engine/verb engine/api' ;;
	esac
}

# the room of a path: the longest of $rooms in front of it, or its folder
room_of() {
	room=${1%/*}
	while [ -n "$room" ]; do
		for known in $rooms; do
			[ "$known" != "$room" ] || return 0
		done
		case $room in
		*/*) room=${room%/*} ;;
		*) return 1 ;;
		esac
	done
	return 1
}

bad=0
# shellcheck disable=SC2044
for file in $(find lib spec store runtime netsetup puller builder engine -name '*.[ch]'); do
	room_of "$file" || {
		echo "$file is in no known room"
		bad=1
		continue
	}
	here=$room
	allowed=$(may_include "$here")
	for included in $(sed -nE 's/^#include "([a-z]+\/[^"]*)".*/\1/p' "$file"); do
		room_of "$included" || room=none
		case " $allowed " in
		*" $room "*) ;;
		*)
			echo "$file includes $included, $here may only include: $allowed"
			bad=1
			;;
		esac
	done
done

# beneath the mouths nobody prints, asks the environment or the terminal, or knows a command line
if find engine/verb engine/docker -name '*.[ch]' -exec \
	grep -nE '\b(v?f?printf|fputs|puts|putchar|fwrite|isatty|getenv|cli_call)\(|\b(stdout|stderr)\)|struct cli_call\b|STD(IN|OUT|ERR)_FILENO' {} + |
	grep -vE 'format\(printf|(pass|spawn)[a-z_]*\(&' | grep .; then
	echo "a verb prints, or knows its mouth"
	bad=1
fi

# documents are values: only these files of spec/ ask the kernel for anything, or open a file
for file in $(grep -lE '^#include <(dirent|fcntl|poll|unistd|sys/(mman|socket|stat|utsname|wait))\.h>' spec/*.[ch]); do
	case $file in
	spec/attach_socket.c | spec/config_host.c | spec/exit_record.c | spec/user_files.c) ;;
	spec/tool.c | spec/cmd_*.c) ;;
	*)
		echo "$file makes system calls"
		bad=1
		;;
	esac
done

# docker's words stand in engine/ only
if find lib spec store runtime netsetup puller builder -name '*.[ch]' -exec \
	grep -nE '"(HostConfig|PortBindings|NetworkSettings|GraphDriver)"' {} + | grep .; then
	echo "docker's words stand outside of engine/"
	bad=1
fi

# and so do docker's sentences: the small tools have codes, and words of their own
if find lib spec store netsetup puller -name '*.[ch]' -exec grep -niE \
	'"[^"]*(Error response from daemon|No such (image|container|volume|network|object)|no such volume|Unable to find image|Pulling (from|fs layer)|Pull complete|Already exists|Downloaded newer image|Image is up to date|The push refers to|unable to (remove|delete) |is already in use by container|pull access denied|manifest for |does not exist locally|must be forced|cowardly|Multiple IDs found|[)], only \[)' {} + | grep .; then
	echo "docker's sentences stand outside of engine/"
	bad=1
fi

# children start through lib/spawn, functions that are never right are banned
if find lib spec store runtime netsetup puller builder engine -name '*.c' -exec \
	grep -nE '\b(system|popen|posix_spawnp?|gets|strcpy|strcat|sprintf|mktemp|tmpnam|alloca)\(' {} + | grep .; then
	echo "banned functions are used"
	bad=1
fi

# readdir's NULL is the end or a failure: lib/dir tells them apart
if find lib spec store runtime netsetup puller builder engine -name '*.c' ! -path lib/dir.c -exec grep -nE '\breaddir(64)?(_r)?\(' {} + | grep .; then
	echo "directories are read outside of lib/dir"
	bad=1
fi

# memory comes from lib/mem, which ends the program when there is none
if find lib spec store runtime netsetup puller builder engine -name '*.[ch]' ! -path lib/mem.c -exec \
	grep -nE '(^|[^a-z_x])(malloc|calloc|realloc|reallocarray|strdup|strndup|v?asprintf)\(' {} + | grep .; then
	echo "allocation outside of lib/mem"
	bad=1
fi

# below which cgroup containers live is said in one place
if find lib spec store runtime netsetup puller builder engine -name '*.[ch]' ! -path lib/place.c -exec \
	grep -nF '"/kist"' {} + | grep .; then
	echo "the cgroup parent stands outside of lib/place"
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
