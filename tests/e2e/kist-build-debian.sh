#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A whole Debian becomes an image by ADD; a stage of it compiles a static C program that goes into busybox.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
[ -f "$KIST_BUILD/tests/debian.tar" ] || skip 'no Debian root file system: run tests/debian-root first'
base_image
mkdir "$T/debian"
ln "$KIST_BUILD/tests/debian.tar" "$T/debian/root.tar" 2>/dev/null ||
	cp "$KIST_BUILD/tests/debian.tar" "$T/debian/root.tar"
printf 'FROM scratch\nADD root.tar /\nCMD ["bash"]\n' >"$T/debian/Dockerfile"
status 0 kist-build -t debian "$T/debian"
cached 0
status 0 kist-build -t debian "$T/debian"
cached 1

cat >"$T/context/main.c" <<'EOF'
#include <stdio.h>
int main(int argc, char **argv) { return printf("hello from %s\n", argc > 1 ? argv[1] : "C") < 0; }
EOF
dockerfile <<'EOF'
FROM debian AS build
WORKDIR /src
COPY main.c .
RUN gcc -static -O2 -o main main.c
RUN ./main 'a build' && ldd main 2>&1 | grep -q 'not a dynamic'
FROM busybox
COPY --from=build /src/main /usr/bin/
RUN ["/usr/bin/main", "busybox"]
ENTRYPOINT ["/usr/bin/main"]
EOF
check "the build" build
grep -q '"text":"hello from a build"' "$T/out" || fail "the program did not run in Debian"
grep -q '"text":"hello from busybox"' "$T/out" || fail "the program did not run in busybox"
check "the second build" build
cached 6
