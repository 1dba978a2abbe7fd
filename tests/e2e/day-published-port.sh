# SPDX-License-Identifier: Apache-2.0
# On the default network: a published port is answered on the host and from another container; afterwards no
# interface and no rule is left (lib.sh looks).
. "$KIST_SOURCE/tests/e2e/lib.sh"

need umoci curl
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >/dev/null || fail 'load'
kist tag "$(kist images --format '{{.Repository}}:{{.Tag}}')" box || fail 'tag'
status 0 kist run -d --name web -p 127.0.0.1:8080:80 box sh -c 'mkdir /www; echo hello from web >/www/index.html; exec httpd -f -p 80 -h /www'
wait_for 5 curl -fs http://127.0.0.1:8080/
status 0 curl -fs http://127.0.0.1:8080/
says 'hello from web'
address=$(kist inspect -f '{{.NetworkSettings.IPAddress}}' web)
status 0 kist run --rm box wget -q -O - "http://$address/"
says 'hello from web'
status 0 kist port web
says '80/tcp -> 127.0.0.1:8080'
status 125 kist run --rm -p 127.0.0.1:8080:80 box true
complains 'port is already allocated'
status 0 kist rm -f web
curl -fs --max-time 1 http://127.0.0.1:8080/ && fail 'the port still answers'
exit 0
