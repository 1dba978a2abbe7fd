# SPDX-License-Identifier: Apache-2.0
# What the objects that are built need of each other, as nm tells it:
# - no circles: two files that need each other are one, or lack a third beneath both;
# - no global name is defined twice in the tree, but main;
# - nothing is global that no other file of a program uses: it is static, or goes.
# Exceptions have their reasons here, and one that is not needed any more is a fault, too.
cd "${KIST_BUILD:-.}" || exit 99
source=${KIST_SOURCE:?}
rooms='lib spec store runtime netsetup puller builder engine'

allowed() {
	cat <<'EOF'
circle engine/docker/template_functions.c engine/docker/template_printf.c: printf is a function, and prints values
circle builder/stage_build.c builder/step_copy.c builder/step_mounts.c builder/step_run.c: a step copies from a stage, or mounts one
export archive_intake_serve: the fuzz target asks as a reader that was taken over would
export confine_policies: a prisoner is put under each policy, and tries what it must not do
export files_hosts: text from text, which a fuzz target writes
export files_resolv: text from text, which a fuzz target writes
export home_search: tested on a passwd file without a process to set up
export image_table_parse: the fuzz target changes tables without files
export network_parse: the fuzz target has definitions without files
export overlay_mount_classic: how kernels before 6.5 mount, tested on newer ones
export proc_stat_start_time: the fuzz target has lines of /proc without processes
export bars_line: what is drawn on terminals only, for every width
export subid_parse: the fuzz target has files of ranges without files
export units_duration: the words of an age, without the clock
EOF
}

# "object source" of each source file that has one: dir/x.o, or dir/PROGRAM-x.o
objects() {
	# shellcheck disable=SC2086
	find $rooms -name '*.o' 2>/dev/null | while read -r object; do
		name=${object##*/}
		name=${name%.o}
		for name in "$name" "${name#*-}"; do
			[ -f "$source/${object%/*}/$name.c" ] || continue
			echo "$object ${object%/*}/$name.c"
			break
		done
	done
}

sources() {
	# hello.c is a program of another machine's: it is no object here
	# shellcheck disable=SC2086
	(cd "$source" && find $rooms -name '*.c' ! -path engine/hello/hello.c)
}

{
	allowed | sed 's/^/allowed /'
	sources | sed 's/^/source /'
	objects | sed 's/^/object /'
	# shellcheck disable=SC2086
	find $rooms -name '*.o' -exec nm -gA {} + | sed 's/^\([^:]*\):/symbol \1 /'
} | awk '
function complain(text) {
	print text
	bad = 1
}

# what is behind the colon is for the reader
/^allowed circle / {
	sub(/:.*/, "")
	ncircles++
	for (i = 3; i <= NF; i++)
		circle_of[$i] = ncircles
	first_of[ncircles] = $3
}
/^allowed export / {
	sub(/:.*/, "")
	export_allowed[$3] = 1
}
$1 == "source" {
	sources[++nsources] = $2
}
$1 == "object" {
	file_of[$2] = $3
	objects[$3] = 1
}
$1 == "symbol" && ($2 in file_of) && $NF !~ /^_/ {
	file = file_of[$2]
	name = $NF
	if ($(NF - 1) ~ /^[Uwv]$/)
		needs[++nneeds] = file " " name
	else if (name == "main")
		mains[file] = 1
	else if (name in definer && definer[name] != file) {
		complain(name " is defined in " definer[name] " and in " file)
		twice = 1
	}
	else
		definer[name] = file
}

function reach(file, i) {
	if (file in reached)
		return
	reached[file] = 1
	for (i = 1; i <= nedges[file]; i++)
		reach(edge[file, i])
}

# Tarjan: strongly connected files
function visit(file, i, next_file, members, n) {
	order[file] = low[file] = ++norder
	stack[++depth] = file
	on_stack[file] = 1
	for (i = 1; i <= nedges[file]; i++) {
		next_file = edge[file, i]
		if (!(next_file in order)) {
			visit(next_file)
			if (low[next_file] < low[file])
				low[file] = low[next_file]
		} else if (on_stack[next_file] && order[next_file] < low[file])
			low[file] = order[next_file]
	}
	if (low[file] != order[file])
		return
	members = ""
	n = 0
	do {
		next_file = stack[depth--]
		on_stack[next_file] = 0
		component[next_file] = file
		members = members " " next_file
		n++
	} while (next_file != file)
	if (n > 1)
		circle(members)
}

function circle(members, list, n, i, k, same) {
	n = split(members, list, " ")
	same = circle_of[list[1]]
	for (i = 2; i <= n; i++)
		if (circle_of[list[i]] != same)
			same = 0
	if (same) {
		circle_seen[same] = 1
		return
	}
	complain("these need each other:" members)
	for (i = 1; i <= n; i++)
		for (k = 1; k <= nedges[list[i]]; k++)
			if (index(members " ", " " edge[list[i], k] " "))
				print "    " list[i] " needs " edge[list[i], k] ": " names[list[i], edge[list[i], k]]
}

END {
	for (i = 1; i <= nneeds; i++) {
		split(needs[i], n, " ")
		if (!(n[2] in definer))
			continue
		from = n[1]
		to = definer[n[2]]
		if (!((from, to) in names))
			edge[from, ++nedges[from]] = to
		names[from, to] = names[from, to] " " n[2]
	}
	for (file in mains)
		reach(file)
	if (!norder && !length_of(mains)) {
		print "SKIP: nm finds no main in the objects"
		exit 77
	}
	for (i = 1; i <= nsources; i++)
		if (sources[i] in objects)
			visit_once(sources[i])
	for (i = 1; i <= ncircles; i++)
		if (!circle_seen[i])
			complain("a circle of " first_of[i] " is allowed, and there is none")
	for (i = 1; i <= nsources; i++)
		if (!(sources[i] in objects))
			missing = missing " " sources[i]
	# who uses a name that is there twice is not known
	if (twice)
		exit 1
	if (missing) {
		# what the missing program uses would seem unused
		print "not built, so global names are not looked at:" missing
		exit bad
	}
	for (i = 1; i <= nneeds; i++) {
		split(needs[i], n, " ")
		if (n[1] in reached)
			used[n[2]] = 1
	}
	for (file in objects)
		if (!(file in reached))
			complain("no program needs " file)
	for (name in definer)
		if (!(name in used)) {
			if (!(name in export_allowed))
				complain(definer[name] ": " name " is global, and no other file uses it")
			delete export_allowed[name]
		}
	for (name in export_allowed)
		complain(name " may be global without use, and is used or gone")
	exit bad
}

function visit_once(file) {
	if (!(file in order))
		visit(file)
}

function length_of(array, n, key) {
	n = 0
	for (key in array)
		n++
	return n
}
'
