# SPDX-License-Identifier: Apache-2.0
# run and exec -t with a terminal of their own: size, resize, Ctrl-C; and the console socket.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"
need expect

make_bundle "$T/b" -t sh
new_id
cat >"$T/talk" <<'END'
set timeout 10
proc want {text} {
	expect {
		-ex $text {}
		timeout { puts "no $text"; exit 99 }
		eof { puts "ended before $text"; exit 99 }
	}
}
set stty_init "rows 31 cols 97"
spawn -noecho sh -c "[join $argv]"
want "# "
send "stty size; tty\r"
want "31 97"
want "/dev/pts/"
stty rows 20 cols 60 < $spawn_out(slave,name)
send "until stty size | grep 2.\\ 60; do :; done\r"
want "\n20 60"
want "# "
send "echo cat-\$((1 + 1)); cat\r"
want "cat-2"
send "typed\r"
want "typed\r\ntyped"
send "\003"
want "# "
send "echo after-\$?\r"
want "after-130"
send "seq 1 20000; exit 3\r"
want "\n20000\r\n"
expect eof
exit [lindex [wait] 3]
END
expect "$T/talk" "kist-runtime --root $STATE run -b $T/b $ID" >"$T/out" 2>&1
[ $? = 3 ] || fail "a terminal in the foreground"
no_leftovers

# where the output is no terminal a line ends as the program wrote it
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "echo one; echo two; exec sleep 100"]'
runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" </dev/null &
wait_for 5 grep -q two "$T/out"
[ "$(od -An -c "$T/out" | tr -d ' ')" = 'one\ntwo\n' ] || fail "run: $(od -An -c "$T/out")"
status 0 runtime exec -t "$ID" sh -c 'echo three; stty -a' </dev/null
[ "$(head -n 1 "$T/out" | od -An -c | tr -d ' ')" = 'three\n' ] || fail "exec: $(od -An -c "$T/out")"
status 0 runtime delete --force "$ID"
wait
no_leftovers

# /dev/console is that terminal, and it belongs to the user
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "echo console-works > /dev/console; stat -c %u $(tty)"]; c["process"]["user"] = {"uid": 1000, "gid": 1000}'
script -qec "kist-runtime --root $STATE run -b $T/b $ID" /dev/null >"$T/out" 2>&1 </dev/null || fail "run as a user"
says console-works
says 1000

# without a socket create has nobody to give the terminal to
status 2 runtime create -b "$T/b" "$ID"
complains "--console-socket is needed"
no_leftovers

# with one, the master arrives there
edit "$T/b" 'c["process"].update(args=["sh", "-c", "stty size; echo over the socket"], user={"uid": 0, "gid": 0}, consoleSize={"height": 11, "width": 22})'
cat >"$T/receive.py" <<'END'
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(1)
open(sys.argv[1] + ".ready", "w")
c = s.accept()[0]
name, control = c.recvmsg(100, 100)[:2]
master = array.array("i", control[0][2])[0]
sys.stdout.write(name.decode() + "\n")
while True:
    try:
        data = os.read(master, 1000)
    except OSError:
        break
    if not data:
        break
    sys.stdout.write(data.decode())
END
python3 "$T/receive.py" "$T/sock" >"$T/console" 2>&1 &
receiver=$!
wait_for 5 test -e "$T/sock.ready"
status 0 runtime create -b "$T/b" --console-socket "$T/sock" "$ID"
status 0 runtime start "$ID"
wait $receiver
cp "$T/console" "$T/out"
matches "the console socket" /dev/pts/0 "11 22" "over the socket"
status 0 runtime delete --force "$ID"

# exec -t
edit "$T/b" 'c["process"].update(args=["sleep", "100"], terminal=False); del c["process"]["consoleSize"]'
status 0 runtime run -d -b "$T/b" "$ID"
expect "$T/talk" "kist-runtime --root $STATE exec -t $ID sh" >"$T/out" 2>&1
[ $? = 3 ] || fail "exec with a terminal"
status 0 runtime delete --force "$ID"
no_leftovers
