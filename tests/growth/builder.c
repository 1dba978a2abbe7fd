/* SPDX-License-Identifier: Apache-2.0 */
/*
 * builder CASE N: one of the builder's loops over input from outside, over an input of size N. Its
 * instructions are counted by tests/growth/builder.sh.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "builder/copy.h"
#include "builder/dockerfile/dockerfile.h"
#include "builder/dockerfile/dockerfile_json.h"
#include "builder/dockerfile/substitute.h"
#include "builder/dockerignore.h"
#include "builder/expose.h"
#include "builder/run_mount.h"
#include "builder/tree.h"
#include "builder/variables.h"
#include "lib/own.h"

/*
 * valgrind before 3.22 knows no openat2(2), which lib/path.c calls through syscall(2): openat(2)
 * does for names without links and "..".
 */
long syscall(long number, ...)
{
	va_list ap;
	const struct open_how *how;
	const char *path;
	int dir;

	if (number != SYS_openat2) {
		errno = ENOSYS;
		return -1;
	}
	va_start(ap, number);
	dir = va_arg(ap, int);
	path = va_arg(ap, const char *);
	how = va_arg(ap, const struct open_how *);
	va_end(ap);
	path += strspn(path, "/");
	return openat(dir, *path ? path : ".", (int)how->flags, (mode_t)how->mode);
}

static void need(int r, const struct err *err)
{
	if (r >= 0)
		return;
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void repeat(struct buf *text, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_adds(text, word);
}

/* A path N deep below patterns that stay alive all the way down. */
static void ignore_depth(size_t n)
{
	static const char rules[] = "**/zz\n**/y*/zz\n!**/x?\na/b\n**/*.log\n";
	own_dockerignore struct dockerignore d = {0};
	own_ignore_place struct ignore_place at = {0};
	own_buf struct buf path = {0};
	struct err err;

	need(dockerignore_parse(rules, strlen(rules), &d, &err), &err);
	ignore_begin(&d, &at);
	for (size_t i = 0; i < n; i++) {
		struct ignore_place below;

		buf_adds(&path, i ? "/d" : "d");
		ignore_enter(&at, buf_str(&path), "d", &below);
		ignore_place_release(&at);
		at = below;
		if (ignore_excludes(&at))
			exit(1);
	}
}

/* N lines, and one entry. */
static void ignore_lines(size_t n)
{
	own_ignore_place struct ignore_place place = {0};
	own_dockerignore struct dockerignore d = {0};
	own_buf struct buf text = {0};
	struct err err;

	for (size_t i = 0; i < n; i++)
		buf_addf(&text, i % 4 ? "dir/file%zu\n" : "!*/a%zu*\n", i);
	need(dockerignore_parse(buf_str(&text), text.len, &d, &err), &err);
	ignore_path(&d, "dir/file", &place);
}

/* A long pattern and a path of its length: the product is what glob_match() promises. */
static void glob_stars(size_t n)
{
	own_buf struct buf pattern = {0}, path = {0};
	own_glob struct glob g = {0};
	struct err err;

	repeat(&pattern, "**/", n);
	buf_adds(&pattern, "b");
	repeat(&path, "a", 50);
	need(glob_parse(buf_str(&pattern), GLOB_STAR_STAR, &g, &err), &err);
	if (glob_match(&g, buf_str(&path), path.len))
		exit(1);
}

static void parse_text(const struct buf *text)
{
	own_arena struct arena a = {0};
	own_buf struct buf lines = {0};
	struct dockerfile d;
	struct err err;

	need(dockerfile_parse(buf_str(text), text->len, &d, &a, &err), &err);
	need(dockerfile_check(&d, 0, &a, &err), &err);
	json_write(directives_to_json(&d, &a), JSON_COMPACT, &lines);
	buf_addc(&lines, '\n');
	for (size_t i = 0; i < d.instructions.count; i++) {
		json_write(instruction_to_json(&d.instructions.items[i], &a), JSON_COMPACT, &lines);
		buf_addc(&lines, '\n');
	}
	need(dockerfile_from_json(buf_str(&lines), lines.len, &d, &a, &err), &err);
}

static void dockerfile_lines(size_t n)
{
	own_buf struct buf text = {0};

	buf_adds(&text, "FROM scratch\n");
	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "ENV a%zu=b\nLABEL c%zu=d\nRUN x\nONBUILD COPY a b\n", i, i);
	parse_text(&text);
}

static void dockerfile_continued(size_t n)
{
	own_buf struct buf text = {0};

	buf_adds(&text, "FROM scratch\nRUN \\\n");
	repeat(&text, "a \\\n\n# comment\n", n);
	buf_adds(&text, "b\nENV \\\n");
	repeat(&text, "a=b \"c\"=d \\\n", n);
	buf_adds(&text, "e=f\nRUN \\\n");
	repeat(&text, "--mount=type=tmpfs,target=/x \\\n", n);
	buf_adds(&text, "b\nCMD [\"a\"");
	repeat(&text, ", \"b\"", n % 10000);
	buf_adds(&text, "]\n");
	parse_text(&text);
}

static void dockerfile_heredocs(size_t n)
{
	own_buf struct buf text = {0};

	buf_adds(&text, "FROM scratch\n");
	for (size_t i = 0; i < n; i += 100) {
		buf_adds(&text, "COPY");
		for (size_t k = 0; k < 100; k++)
			buf_addf(&text, " <<E%zu", i + k);
		buf_adds(&text, " /\n");
		for (size_t k = 0; k < 100; k++)
			buf_addf(&text, "text\n E%zu\nE%zu\n", i + k, i + k);
	}
	parse_text(&text);
}

static const char *same_value(const void *ctx, const char *name)
{
	(void)name;
	return ctx;
}

static void substitute(const char *word, const char *value)
{
	const struct substitution s = {.escape = '\\', .lookup = same_value, .ctx = value};
	own_buf struct buf out = {0};
	struct err err;

	need(substitute_word(&s, word, &out, &err), &err);
}

/* Values of N characters in which much begins and little ends. */
static void substitute_value(size_t n)
{
	own_buf struct buf value = {0}, ends = {0};

	repeat(&value, "xa", n / 2);
	repeat(&ends, "xxxxxxxxxy", n / 10);
	substitute("${v//x*y/z}", buf_str(&value));
	substitute("${v//*y/z}", buf_str(&value));
	substitute("${v//x*a*y*b/z}", buf_str(&value));
	substitute("${v//x/zz}", buf_str(&value));
	substitute("${v//xxxx?xxxxy/zz}", buf_str(&ends));
	substitute("${v/x*y/z}", buf_str(&ends));
	substitute("${v//*/z}", buf_str(&value));
	substitute("${v#*x*x*y}", buf_str(&value));
	substitute("${v%%y*x*x}", buf_str(&value));
}

static void substitute_word_length(size_t n)
{
	own_buf struct buf word = {0};

	repeat(&word, "$a ${b:-c}'q'\"r\\\"$d\"${e/x/y}", n);
	substitute(buf_str(&word), "v");
}

/* N ENVs, ARGs and the look at each. */
static void variables(size_t n)
{
	own_arena struct arena a = {0};
	struct strings env = {0};
	struct build_args given = {0};
	struct variables outer = {.arena = &a, .escape = '\\', .given = &given};
	struct variables v = {.arena = &a, .escape = '\\', .env = &env, .given = &given};
	struct string_map labels = {0};
	struct names names = {0};
	const char *value = "1 1 ";
	char text[96];
	struct err err;

	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "given%zu=1", i);
		build_args_add(&given, text, &a);
		snprintf(text, sizeof(text), "a%zu", i);
		variables_set_env(&v, text, "1");
		snprintf(text, sizeof(text), "given%zu", i);
		variables_declare(&outer, text, "2", NULL);
		variables_declare(&v, text, NULL, &outer);
		snprintf(text, sizeof(text), "$a%zu ${given%zu} $none%zu", i, i, i);
		need(variables_expand(&v, text, &value, &err), &err);
		names_set_pair(&names, &labels, text, value, &a);
	}
	if (strcmp(value, "1 1 ") != 0 || env.count != n || v.args.count != n || labels.count != n)
		exit(1);
}

static void expose(size_t n)
{
	own_mem struct exposed *e = xcalloc(1, sizeof(*e));
	struct err err;

	for (size_t i = 0; i < n; i++)
		need(expose_add(e, "1-65535/udp", &err), &err);
}

static void mount_words(size_t n)
{
	own_arena struct arena a = {0};
	const struct variables v = {.arena = &a, .escape = '\\'};
	own_buf struct buf text = {0};
	struct run_mount m;
	struct err err;

	buf_adds(&text, "type=cache,target=/x");
	repeat(&text, ",uid=1,\"mode=0700\"", n);
	need(run_mount_parse(buf_str(&text), &v, "/", &m, &err), &err);
}

/* N files that have two names each, N directories, found and copied over others of the same names.
 */
static void tree_and_copy(size_t n)
{
	own_arena struct arena a = {0};
	char directory[] = "growth-XXXXXX", name[40], other[40];
	own_dockerignore struct dockerignore ignore = {0};
	struct tree t = {.arena = &a, .root = -1, .what = "build context", .ignore = &ignore};
	struct copy copy = {.root = -1, .destination = "/to/"};
	own_fd int root = -1, from = -1;
	struct err err;

	if (!mkdtemp(directory) || (root = open(directory, O_RDONLY | O_DIRECTORY)) < 0 ||
		mkdirat(root, "from", 0700) < 0 || mkdirat(root, "to", 0700) < 0 ||
		(from = openat(root, "from", O_RDONLY | O_DIRECTORY)) < 0)
		exit(1);
	for (size_t i = 0; i < n; i++) {
		own_fd int file = -1;

		snprintf(name, sizeof(name), "to/d%zu", i);
		if (mkdirat(root, name, 0700) < 0 || mkdirat(from, name + 3, 0700) < 0)
			exit(1);
		snprintf(name, sizeof(name), "f%zu", i);
		snprintf(other, sizeof(other), "g%zu", i);
		file = openat(from, name, O_WRONLY | O_CREAT, 0600);
		if (file < 0 || linkat(from, name, from, other, 0) < 0)
			exit(1);
	}
	need(dockerignore_add(&ignore, "**/none*", &err), &err);
	t.root = from;
	copy.root = root;
	need(tree_add(&t, ".", NULL, &err), &err);
	if (t.count != 3 * n + 1)
		exit(1);
	need(copy_tree(&t, &copy, &err), &err);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(size_t n);
	} cases[] = {
		{"ignore-depth", ignore_depth},
		{"ignore-lines", ignore_lines},
		{"glob-stars", glob_stars},
		{"dockerfile-lines", dockerfile_lines},
		{"dockerfile-continued", dockerfile_continued},
		{"dockerfile-heredocs", dockerfile_heredocs},
		{"substitute-value", substitute_value},
		{"substitute-word", substitute_word_length},
		{"variables", variables},
		{"expose", expose},
		{"mount-words", mount_words},
		{"tree-and-copy", tree_and_copy},
	};

	for (size_t i = 0; argc == 3 && i < ARRAY_LEN(cases); i++) {
		if (strcmp(cases[i].name, argv[1]) == 0) {
			cases[i].run(strtoul(argv[2], NULL, 10));
			return 0;
		}
	}
	return 2;
}
