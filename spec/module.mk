# SPDX-License-Identifier: Apache-2.0
# spec: OCI documents as C values. Pure: no system calls.
noinst_LIBRARIES += spec/libspec.a

spec_libspec_a_SOURCES = \
	spec/digest.c spec/digest.h \
	spec/image.c spec/image_config.c spec/platform.c spec/image.h \
	spec/reference.c spec/reference.h

SPEC_LIBS = spec/libspec.a
