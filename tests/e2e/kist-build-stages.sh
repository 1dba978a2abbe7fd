#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two stages, one that nothing needs, and a second build that is CACHED throughout and gives the same image.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
echo 'source' >"$T/context/main.txt"
dockerfile <<'EOF'
FROM busybox AS build
WORKDIR /src
COPY main.txt .
RUN tr a-z A-Z < main.txt > program && chmod 755 program
FROM busybox AS unneeded
RUN false
FROM scratch
COPY --from=build /src/program /bin/
ENTRYPOINT ["/bin/program"]
EOF
check "the first build" build
complains '[build 4/4] RUN tr a-z A-Z'
complains '[stage-2 2/2] COPY --from=build'
cached 0
grep -q unneeded "$T/err" && fail "a stage that nothing needs was built"
[ "$(in_image app 'cat bin/program')" = SOURCE ] || fail "wrong content"
[ "$(config app .config.Entrypoint)" = '["/bin/program"]' ] || fail "wrong entrypoint"
first=$(tail -n 1 "$T/out")

check "the second build" build
cached 4
[ "$(tail -n 1 "$T/out")" = "$first" ] || fail "another image than the first time"
[ "$(grep -c '"cached":true' "$T/out")" = 4 ] || fail "the JSON lines do not say cached"

echo 'changed' >"$T/context/main.txt"
check "a build of changed files" build
cached 1
[ "$(in_image app 'cat bin/program')" = CHANGED ] || fail "the change is not in the image"

check "without the cache" build --no-cache
cached 0

status 1 kist-build --target unneeded "$T/context"
check "a target by name" build --target build
[ "$(in_image app 'cat src/program')" = CHANGED ] || fail "wrong target"
[ "$(config app '.history | map(.created_by) | map(split(" ")[0]) | .[-3:]')" = '["WORKDIR","COPY","RUN"]' ] ||
	fail "wrong history"
skopeo inspect "oci:$KIST_ROOT/images:docker.io/library/app:latest" >/dev/null ||
	fail "skopeo cannot read the image"
