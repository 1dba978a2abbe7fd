# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A pseudo-terminal: size, resize, Ctrl-C, Ctrl-D, all output before the end; also through attach.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"
need expect

bundle '["sh"]' 'c["process"]["terminal"] = True'
cat >"$T/talk" <<'END'
set timeout 10
proc want {text} {
	expect {
		-ex $text {}
		timeout { puts "no $text"; exit 1 }
		eof { puts "ended before $text"; exit 1 }
	}
}
set stty_init "rows 31 cols 97"
spawn -noecho sh -c "stty raw -echo; exec [join $argv]"
want "# "
send "stty size; tty\r"
want "31 97"
want "/dev/pts/0"
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
status 3 expect "$T/talk" kist-monitor --id "$ID" --bundle "$T/bundle" \
	--runtime-root "$T/state" --run-dir "$RUN_DIR" --log "$T/log.json" \
	--exit-file "$T/exit.json" --runtime "$RUNTIME" --terminal --interactive
is "$(field exit_code)" 3
check "the log has it as stdout" sh -c 'jq -j .log "$1" | grep -q 20000' - "$T/log.json"
nothing_left

# stdin that is no terminal: its end is a typed Ctrl-D
bundle '["cat"]' 'c["process"]["terminal"] = True'
printf 'piped\n' | timeout 10 kist-monitor --id "$ID" --bundle "$T/bundle" \
	--runtime-root "$T/state" --run-dir "$RUN_DIR" --log "$T/log2.json" \
	--exit-file "$T/exit.json" --runtime "$RUNTIME" --terminal --interactive >"$T/out" ||
	fail "status $?"
says piped
nothing_left

bundle '["sh"]' 'c["process"]["terminal"] = True'
# detached: attach takes the terminal, leaves it with the detach keys, comes back
start_monitor --detach --terminal --interactive </dev/null >/dev/null
cat >"$T/attach" <<'END'
set timeout 10
proc want {text} {
	expect {
		-ex $text {}
		timeout { puts "no $text"; exit 1 }
		eof { puts "ended before $text"; exit 1 }
	}
}
# until it has the terminal: what is typed before is thrown away
proc raw {} {
	global spawn_out
	for {set i 0} {$i < 200} {incr i} {
		if {[string first "-icanon" [exec stty -a < $spawn_out(slave,name)]] >= 0} return
		after 50
	}
	puts "it does not take the terminal"
	exit 1
}
set stty_init "rows 25 cols 77"
spawn -noecho kist-attach --run-dir [lindex $argv 0]
raw
send "stty size\r"
want "25 77"
send "\020x\020\021"
expect eof
if {[lindex [wait] 3] != 0} { puts "detach failed"; exit 1 }
spawn -noecho kist-attach --run-dir [lindex $argv 0]
raw
send "\025exit 6\r"
expect eof
exit [lindex [wait] 3]
END
status 6 expect "$T/attach" "$RUN_DIR"
wait "$MONITOR"
is $? 6
nothing_left
