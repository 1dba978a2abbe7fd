# SPDX-License-Identifier: Apache-2.0
# runtime: kist-runtime, the OCI runtime; kist-monitor describes itself in monitor.mk.
include runtime/monitor.mk
