# SPDX-License-Identifier: Apache-2.0
# The reader of archives of images: a program of its own, which store/archive_load.c starts.
noinst_LIBRARIES += store/libscan.a

store_libscan_a_SOURCES = \
	store/archive/archive_docker.c store/archive/archive_images.c store/archive/archive_oci.c \
	store/archive/archive_scan.c store/archive/archive_scan.h \
	store/archive/archive_wire.c store/archive/archive_wire.h

SCAN_LIBS = store/libscan.a $(SPEC_LIBS) $(STREAM_LIBS)

pkglibexec_PROGRAMS += bin/kist-archive
bin_kist_archive_SOURCES = store/archive/kist_archive.c
bin_kist_archive_LDADD = $(SCAN_LIBS)
