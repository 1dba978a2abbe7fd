# SPDX-License-Identifier: Apache-2.0
# The layer half of store: kist-layer, and what others link to run it and to write layers.
