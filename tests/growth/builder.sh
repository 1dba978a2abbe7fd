#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Twice the input costs the builder at most two and a half times the instructions, in every loop over
# what comes from outside.
. "$KIST_SOURCE/tests/growth/growth.sh"

program=$KIST_BUILD/tests/growth/builder
grows "$program" ignore-depth 1000
grows "$program" ignore-lines 4000
grows "$program" glob-stars 1000
grows "$program" dockerfile-lines 1000
grows "$program" dockerfile-continued 1000
grows "$program" dockerfile-heredocs 1000
grows "$program" substitute-value 2000
grows "$program" substitute-word 1000
grows "$program" variables 2000
grows "$program" expose 200
grows "$program" mount-words 1000
grows "$program" tree-and-copy 500
exit $grown
