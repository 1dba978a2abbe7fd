#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Twice as many volumes, variables, labels or ports of an image, a posted body or a command line cost at most two
# and a half times the instructions, from the words to the record, the configuration and what inspect shows.
. "$KIST_SOURCE/tests/growth/growth.sh"

program=$KIST_BUILD/tests/growth/creation
for case in image-env image-labels env env-twice labels labels-twice flag-env flag-label; do
	grows "$program" $case 2000
done
for case in image-volumes volumes binds flag-volume; do
	grows "$program" $case 1000
done
for case in image-ports exposed bindings hosts; do
	grows "$program" $case 2000
done
grows "$program" flag-port 100
grows "$program" flag-port-row 20000
exit "$grown"
