# SPDX-License-Identifier: Apache-2.0
# builder: kist-dockerfile (the parser, pure) and kist-build.
noinst_LIBRARIES += builder/libdockerfile.a

builder_libdockerfile_a_SOURCES = \
	builder/dockerfile/dockerfile.c builder/dockerfile/dockerfile.h \
	builder/dockerfile/dockerfile_args.c builder/dockerfile/dockerfile_args.h \
	builder/dockerfile/dockerfile_check.c \
	builder/dockerfile/dockerfile_json.c builder/dockerfile/dockerfile_json.h \
	builder/dockerfile/healthcheck.c builder/dockerfile/healthcheck.h \
	builder/dockerfile/pattern.c builder/dockerfile/pattern.h \
	builder/dockerfile/substitute.c builder/dockerfile/substitute.h \
	builder/dockerfile/suggest.c builder/dockerfile/suggest.h

# what a build does with files and words, without any store
noinst_LIBRARIES += builder/libbuilder.a
builder_libbuilder_a_SOURCES = \
	builder/copy.c builder/copy.h \
	builder/dockerignore.c builder/dockerignore.h \
	builder/glob.c builder/glob.h \
	builder/mode.c builder/mode.h \
	builder/names.c builder/names.h \
	builder/expose.c builder/expose.h \
	builder/run_mount.c builder/run_mount.h \
	builder/tree.c builder/tree_digest.c builder/tree.h \
	builder/variables.c builder/variables.h

BUILDER_LIBS = builder/libbuilder.a builder/libdockerfile.a $(STORE_LIBS)
DOCKERFILE_LIBS = builder/libdockerfile.a $(LIB_LIBS)

bin_PROGRAMS += bin/kist-dockerfile
bin_kist_dockerfile_SOURCES = builder/dockerfile/kist_dockerfile.c
bin_kist_dockerfile_LDADD = $(DOCKERFILE_LIBS)

bin_PROGRAMS += bin/kist-build
bin_kist_build_SOURCES = \
	builder/kist_build.c \
	builder/base.c builder/base.h \
	builder/build.c builder/build.h \
	builder/build_step.c builder/build_step.h \
	builder/cache.c builder/cache.h \
	builder/commit.c builder/commit.h \
	builder/context.c builder/context.h \
	builder/execution.c builder/execution.h \
	builder/export.c builder/export.h \
	builder/inflater.c builder/inflater.h \
	builder/parse.c builder/parse.h \
	builder/probe.c builder/probe.h \
	builder/report.c builder/report.h \
	builder/root.c builder/root.h \
	builder/run_network.c builder/run_network.h \
	builder/stage.c builder/stage.h \
	builder/stage_build.c builder/stage_build.h \
	builder/stages.c builder/stages.h \
	builder/step_copy.c builder/step_copy.h \
	builder/step_metadata.c builder/step_metadata.h \
	builder/step_mounts.c builder/step_mounts.h \
	builder/step_refuse.c builder/step_refuse.h \
	builder/step_run.c builder/step_run.h \
	builder/step_workdir.c builder/step_workdir.h \
	builder/stubs.c builder/stubs.h \
	builder/supervise.c builder/supervise.h \
	builder/workspace.c builder/workspace.h
bin_kist_build_LDADD = $(BUILDER_LIBS)

pkglibexec_PROGRAMS += bin/kist-build-probe
bin_kist_build_probe_SOURCES = \
	builder/foreign.c builder/foreign.h \
	builder/kist_build_probe.c
bin_kist_build_probe_LDADD = $(STREAM_LIBS) $(ARCHIVE_LIBS)
