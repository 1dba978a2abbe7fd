#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same Dockerfiles by buildah and by kist-build: the same files, and the same config where both follow docker.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime buildah
base_image
mkdir "$T/buildah-run"
theirs() { buildah --root "$T/buildah" --runroot "$T/buildah-run" --storage-driver vfs "$@"; }
skopeo copy -q "oci:$LAYOUT:busybox" "containers-storage:[vfs@$T/buildah+$T/buildah-run]localhost/base:latest" \
	2>"$T/err" || skip "buildah's storage cannot work here: $(tail -n 1 "$T/err")"

cd "$T/context" || exit 1
mkdir -p src/sub empty
echo one >src/one
echo two >src/sub/two
ln -s one src/link
chmod 600 src/sub/two
echo '*.skip' >.dockerignore
echo x >src/x.skip
echo y >y.skip

cat >Dockerfile.1 <<'EOF'
FROM localhost/base
COPY src /dst
COPY src/one src/sub/two /many/
COPY src/on? /glob/
COPY --chown=user:users src/sub /owned
COPY . /everything
COPY empty /empty
WORKDIR /made/by
COPY src/one relative
RUN rm -r /dst/sub && echo new > /dst/new && chown 5:6 /dst/new && ln -s /dst/new /link
RUN mkdir /etc/new.d && rm /etc/group && echo 'root:x:0:' > /etc/group
EOF
cat >Dockerfile.2 <<'EOF'
ARG base=localhost/base
FROM $base AS a
ARG version=3
ENV name=value other="$version and \"quotes\""
RUN echo "$version $name $other" > /env
FROM scratch
COPY --from=a /env /etc/passwd /from-a/
COPY --from=0 /bin/busybox /bin/
ADD src/one /added
LABEL version="1.0" "with space"=value
ENV A=b
EXPOSE 80 81/udp
USER 5:6
VOLUME /v
ENTRYPOINT ["/bin/busybox"]
CMD ["true"]
STOPSIGNAL SIGINT
EOF
kist-store tag busybox localhost/base >/dev/null || fail tag
# no times; and what buildah made to mount on stays in its images
without_mount_points() { sed 's/ [0-9]*$//' | grep -vE 'etc/(hostname|hosts|resolv.conf)( |$)|^run d '; }
# docker's builder says "/" where buildah says nothing
fields='[.config.Env, .config.Cmd, .config.Entrypoint, (.config.WorkingDir // "/"), .config.User, .config.Volumes,
	.config.ExposedPorts, (.config.Labels // {} | del(.["io.buildah.version"])), .config.StopSignal, .os, .architecture]'
for n in 1 2; do
	theirs bud -q --isolation chroot --layers=false -t "localhost/app$n" -f "Dockerfile.$n" . >"$T/out" 2>"$T/err" ||
		fail "buildah of $n"
	status 0 kist-build -t "localhost/app$n" -f "Dockerfile.$n" .
	mkdir -p "$T/mnt"
	working=$(theirs from "localhost/app$n") || fail "buildah from"
	root=$(theirs mount "$working") || fail "buildah mount"
	tree_of "$root" | without_mount_points >"$T/theirs.$n"
	theirs inspect --type image "localhost/app$n" | jq -c ".OCIv1 | $fields" >"$T/config.theirs.$n"
	theirs rm "$working" >/dev/null
	container=$(echo "$n" | sha256sum | cut -c1-64)
	kist-store create "$container" "localhost/app$n" >/dev/null || fail create
	kist-store mount "$container" "$T/mnt" || fail mount
	tree_of "$T/mnt" | without_mount_points >"$T/ours.$n"
	umount "$T/mnt"
	diff "$T/theirs.$n" "$T/ours.$n" >"$T/out" || fail "the files of $n differ (< buildah, > kist-build)"
	config "localhost/app$n" " | $fields" >"$T/config.ours.$n"
	diff "$T/config.theirs.$n" "$T/config.ours.$n" >"$T/out" || fail "the configs of $n differ"
done
