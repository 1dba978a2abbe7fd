# SPDX-License-Identifier: Apache-2.0
# engine: docker's vocabulary; the command kist.
noinst_LIBRARIES += engine/libengine.a

engine_libengine_a_SOURCES = \
	engine/format.c engine/format.h \
	engine/mount_flag.c engine/mount_flag.h \
	engine/names.c engine/names.h \
	engine/plan.c engine/plan_print.c engine/plan.h \
	engine/publish.c engine/publish.h \
	engine/table.c engine/table.h \
	engine/template_eval.c engine/template_functions.c engine/template_parse.c \
	engine/template.h engine/template_ast.h \
	engine/units.c engine/units.h

EXTRA_DIST += engine/hello/hello.c engine/hello/image.sh
