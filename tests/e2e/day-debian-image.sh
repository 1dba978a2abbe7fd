# SPDX-License-Identifier: Apache-2.0
# A debootstrapped Debian in three layers, one of them whiteouts, pulled from a registry: the merged tree is
# what umoci unpacks, and programs in it run.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need umoci skopeo jq
start_registry
debian_root debian
umoci init --layout layout >/dev/null && umoci new --image layout:debian >/dev/null
umoci insert --image layout:debian debian / >/dev/null 2>&1 || fail 'umoci insert'
rm -rf debian
mkdir -p second/share
echo second >second/share/file
ln -s ../file second/share/link
umoci insert --image layout:debian second /opt >/dev/null 2>&1 || fail 'umoci insert'
umoci insert --image layout:debian --whiteout /usr/share/doc >/dev/null 2>&1 || fail 'umoci insert --whiteout'
umoci insert --image layout:debian --opaque second /etc/opt >/dev/null 2>&1 || fail 'umoci insert --opaque'
skopeo copy -q --dest-tls-verify=false oci:layout:debian "docker://$REGISTRY/debian:12" || fail 'skopeo copy'

status 0 kist-pull "$REGISTRY/debian:12"
status 0 kist-store create 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef "$REGISTRY/debian:12"
mkdir merged
status 0 kist-store mount 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef "$T/merged" -- \
	sh -c '. /dev/stdin' <<-END
		cd '$T/merged' && { find . -mindepth 1 \\( -type d -printf '%P d %m %U:%G\\n' \\
			-o -type l -printf '%P l %l %U:%G\\n' -o -type f -printf '%P f %m %U:%G %s %Ts\\n' \\
			-o -printf '%P %y %m %U:%G\\n' \\); find . -type f -print0 | xargs -0r sha256sum; } | sort
	END
mv out ours
umoci raw unpack --image layout:debian theirs >/dev/null 2>&1 || fail 'umoci raw unpack'
tree_of theirs >expected
[ "$(wc -l <expected)" -gt 5000 ] || fail 'too few files to compare'
diff expected ours >difference || fail "the trees differ: $(head -n 20 difference)"

status 0 kist run --rm --net none "$REGISTRY/debian:12" cat /etc/debian_version
says 12.
status 0 kist run --rm --net none "$REGISTRY/debian:12" dpkg-query -W -f '${Package}\n' base-files
says base-files
status 0 kist rm -f 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
