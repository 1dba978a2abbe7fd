# SPDX-License-Identifier: Apache-2.0
# A command that cannot run gives 127 or 126, and the message names what is missing.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" true
R=$T/b/rootfs
printf '#!/no/such/interpreter\n' >"$R/bin/script"
printf '#!/bin/script\n' >"$R/bin/outer"
printf 'just text\n' >"$R/bin/text"
chmod +x "$R/bin/script" "$R/bin/outer" "$R/bin/text"
new_id

# try STATUS MESSAGE ARGUMENT...
try() {
	want=$1 message=$2
	shift 2
	python3 -c 'import json,sys; p=sys.argv[1]; c=json.load(open(p)); c["process"]["args"]=sys.argv[2:]; json.dump(c,open(p,"w"))' "$T/b/config.json" "$@"
	rm -f "$T/log"
	status "$want" kist-runtime --root "$STATE" --log "$T/log" --log-format json run -b "$T/b" "$ID"
	complains "$message"
	check "the log" python3 -c "import json; e=json.loads(open('$T/log').readlines()[-1]); assert e['level']=='error' and e['code'] in (1041, 1042), e"
	no_leftovers
	status "$want" runtime create -b "$T/b" "$ID"
	complains "$message"
	no_leftovers
}

try 127 'exec: "nosuch": executable file not found in $PATH' nosuch
try 127 'exec: "/no/such": stat /no/such: no such file or directory' /no/such
try 126 'exec: "/etc/passwd": permission denied' /etc/passwd
try 126 'exec: "/etc": is a directory' /etc
try 127 'interpreter "/no/such/interpreter" of its #! line' script
try 127 'interpreter "/no/such/interpreter" of its #! line' /bin/outer

# a program of another C library: its loader is named
if command -v ls >/dev/null && cp "$(command -v ls)" "$R/bin/dynamic" && ! ldd "$R/bin/dynamic" 2>&1 | grep -q "not a dynamic"; then
	try 127 'ELF loader "/lib' dynamic
fi

# neither ELF nor script: only execve(2) can tell, so create succeeds and start fails
edit "$T/b" 'c["process"]["args"] = ["/bin/text"]'
status 126 runtime run -b "$T/b" "$ID"
complains 'exec: "/bin/text": exec format error'
no_leftovers
status 0 runtime create -b "$T/b" "$ID"
status 126 runtime start "$ID"
complains 'exec format error'
status 0 runtime delete "$ID"
no_leftovers

# exec in a running container
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime run -d -b "$T/b" "$ID"
status 127 runtime exec "$ID" nosuch
complains 'exec: "nosuch": executable file not found in $PATH'
status 126 runtime exec "$ID" /etc
complains 'exec: "/etc": is a directory'
status 9 runtime exec "$ID" sh -c 'exit 9'
status 143 runtime exec "$ID" sh -c 'kill -15 $$'
status 0 runtime delete --force "$ID"
no_leftovers

# a working directory that is not there and cannot be made
edit "$T/b" 'c["process"].update(args=["true"], cwd="/proc/nowhere")'
status 3 runtime run -b "$T/b" "$ID"
complains "working directory '/proc/nowhere' does not exist"
no_leftovers
