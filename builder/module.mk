# SPDX-License-Identifier: Apache-2.0
# builder: kist-dockerfile (the parser, pure) and kist-build.
noinst_LIBRARIES += builder/libdockerfile.a

builder_libdockerfile_a_SOURCES = \
	builder/dockerfile.c builder/dockerfile.h \
	builder/dockerfile_args.c builder/dockerfile_args.h \
	builder/dockerfile_check.c \
	builder/dockerfile_json.c builder/dockerfile_json.h \
	builder/healthcheck.c builder/healthcheck.h \
	builder/pattern.c builder/pattern.h \
	builder/substitute.c builder/substitute.h \
	builder/suggest.c builder/suggest.h

DOCKERFILE_LIBS = builder/libdockerfile.a $(LIB_LIBS)

bin_PROGRAMS += bin/kist-dockerfile
bin_kist_dockerfile_SOURCES = builder/kist_dockerfile.c builder/sandbox.c builder/sandbox.h
bin_kist_dockerfile_LDADD = $(DOCKERFILE_LIBS)
