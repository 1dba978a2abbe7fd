# SPDX-License-Identifier: Apache-2.0
# The embedded image: no network, an empty store; the same steps as a script.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

status 0 kist run hello-world
says 'Hello from kist!'
says 'What to type next:'
[ ! -s err ] || fail 'something was said on stderr'
cp out first
status 0 kist images --format '{{.Repository}}:{{.Tag}}'
says 'hello-world:latest'
status 0 kist ps -a --format '{{.Image}} {{.State}}'
says 'hello-world exited'
status 0 kist logs "$(kist ps -lq)"
check 'the log has it' cmp first out
status 0 kist rm "$(kist ps -lq)"
# a store that has nothing: the script loads the image, too
KIST_ROOT=$T/other KIST_RUN=$T/other-run kist --plan run --rm hello-world >script || fail '--plan'
[ ! -e "$T/other" ] || fail '--plan made a store'
grep -q 'kist-store load' script || fail 'no kist-store load in the script'
grep -q 'kist --plan --pulled run' script || fail 'the rest of the plan is not made'
status 0 sh script
check 'the script says the same' cmp first out
nothing_left
# the image is as good as any other
status 0 kist save -o hello.tar hello-world
status 0 kist --root "$T/third" load -i hello.tar
says 'Loaded image: hello-world:latest'
