#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dockerfiles that would cost without end are refused by name, and long ones that are right are built.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

base_image
big=$(head -c 60000 /dev/zero | tr '\0' x)

repeat() {
	awk -v n="$1" -v text="$2" 'BEGIN {for (i = 1; i <= n; i++) {line = text; gsub(/%/, i, line); gsub(/!/, i - 1, line); print line}}'
}

repeat 1001 'FROM scratch AS s%' | dockerfile
status 1 kist-build "$T/context"
complains 'the Dockerfile has 1001 stages, more than 1000'

# each stage on the one before, and each copying from the one before: nothing runs out of stack
{
	echo 'FROM scratch AS s0'
	repeat 999 'FROM s! AS s%'
	echo 'LABEL last=1'
} | dockerfile
check "a thousand stages on each other" build
{
	printf 'FROM scratch AS s0\nCOPY <<EOF /f\nEOF\n'
	repeat 150 'FROM scratch AS s%
COPY --from=s! /f /f%'
	echo 'FROM scratch'
	echo 'COPY --from=s150 /f150 /f'
} | sed 's,COPY --from=s\([0-9]*\) /f /f\([0-9]*\)$,COPY --from=s\1 /f\1 /f\2,; s,=s0 /f0 ,=s0 /f ,' | dockerfile
check "stages that copy from each other" build

# values that grow
{
	printf 'FROM scratch\nENV a=%s\n' "$big"
	repeat 100 'ENV b%=$a$a$a$a'
} | dockerfile
status 1 kist-build "$T/context"
complains "the image's configuration is longer than"
{
	printf 'ARG a=%s\nARG b=$a$a$a$a$a$a$a$a$a$a\n' "$big"
	repeat 1000 'ARG c%=$b'
	echo 'FROM scratch'
} | dockerfile
status 1 kist-build "$T/context"
complains 'the variables of the Dockerfile expand to more than 256 MiB of text'
{
	printf 'FROM scratch\nRUN'
	repeat 1100 ' --mount=type=tmpfs,target=/t%' | sed 's/$/ \\/'
	echo ' true'
} | dockerfile
status 1 kist-build "$T/context"
complains 'RUN has more than 1024 mounts'

# long, and right
{
	echo 'FROM scratch'
	repeat 3000 'ENV e%=%'
	repeat 3000 'LABEL l%=$e%'
	echo 'EXPOSE 1-20000 1-20000/udp'
	printf 'COPY'
	repeat 3000 ' Dockerfile ./Dockerfile' | sed 's/$/ \\/'
	echo ' /x/'
} | dockerfile
check "a long Dockerfile" build
[ "$(config app '.config | [(.Env | length), .Labels.l2999, (.ExposedPorts | length)]')" = '[3001,"2999",40000]' ] ||
	fail "$(config app '.config | [(.Env | length), .Labels.l2999, (.ExposedPorts | length)]')"
[ "$(in_image app 'ls x')" = Dockerfile ] || fail "the copy"
