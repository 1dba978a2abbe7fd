/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template_ast.h"
#include "lib/own.h"

/*
 * Recursive descent over the text itself. Inside an action, at points at the next byte that was
 * not taken; a list of nodes ends at the first action that is not its own (end, else).
 */
struct parser {
	struct arena *a;
	struct template *t;
	const char *at;
	const char *scope[TEMPLATE_DEPTH_MAX]; /* variables that are declared here */
	size_t nscope;
	int depth;
	int loops; /* range bodies we are in: break and continue are allowed */
	struct err *err;
};

static int fail(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct parser *p, const char *fmt, ...)
{
	char message[300];
	int line = 1;
	va_list ap;

	for (const char *c = p->t->text; c < p->at; c++)
		line += *c == '\n';
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return err_set(p->err, E_SYNTAX, "template: :%d: %s", line, message);
}

void template_place(const struct template *t, const char *at, char place[40])
{
	int line = 1, column = 0;

	for (const char *c = t->text; c < at; c++) {
		column = *c == '\n' ? 0 : column + 1;
		line += *c == '\n';
	}
	snprintf(place, 40, "%d:%d", line, column);
}

static bool is_name(char c)
{
	return c == '_' || isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void skip_space(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t' || *p->at == '\r' || *p->at == '\n')
		p->at++;
}

/* Does the action end here? "-}}" must have space in front. */
static bool at_close(const struct parser *p)
{
	if (strncmp(p->at, "}}", 2) == 0)
		return true;
	return strncmp(p->at, "-}}", 3) == 0 && p->at > p->t->text &&
		isspace((unsigned char)p->at[-1]);
}

/* Take "}}", or "-}}" with the white space behind it. */
static int take_close(struct parser *p)
{
	skip_space(p);
	if (!*p->at)
		return fail(p, "unclosed action");
	if (!at_close(p))
		return fail(p, "unexpected %.10s in command", p->at);
	if (*p->at == '-') {
		p->at += 3;
		skip_space(p);
	} else {
		p->at += 2;
	}
	return 0;
}

static bool take_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(p->at, word, n) != 0 || is_name(p->at[n]))
		return false;
	p->at += n;
	return true;
}

static const char *take_name(struct parser *p)
{
	const char *start = p->at;

	while (is_name(*p->at))
		p->at++;
	return arena_strndup(p->a, start, (size_t)(p->at - start));
}

/* A string, character or number of the template's text. */
static int take_constant(struct parser *p, const struct json **value)
{
	const char *why;

	return template_constant(p->a, &p->at, value, &why) < 0 ? fail(p, "%s", why) : 0;
}

static int parse_pipeline(struct parser *p, const char *what, struct pipeline **out);

static int take_fields(struct parser *p, struct operand *o)
{
	while (*p->at == '.') {
		const char **more;

		p->at++;
		if (!is_name(*p->at))
			return fail(p, "unexpected . after term");
		more = arena_array(p->a, o->nfields + 1, sizeof(*more));
		if (o->nfields)
			memcpy(more, o->fields, o->nfields * sizeof(*more));
		more[o->nfields++] = take_name(p);
		o->fields = more;
	}
	return 0;
}

static int take_variable(struct parser *p, struct operand *o)
{
	const char *start = p->at++;

	while (is_name(*p->at))
		p->at++;
	o->kind = OPERAND_VARIABLE;
	o->name = arena_strndup(p->a, start, (size_t)(p->at - start));
	for (size_t i = 0; i < p->nscope; i++)
		if (strcmp(p->scope[i], o->name) == 0)
			return take_fields(p, o);
	return strcmp(o->name, "$") == 0 ? take_fields(p, o)
					 : fail(p, "undefined variable \"%s\"", o->name);
}

static int take_identifier(struct parser *p, struct operand *o)
{
	const char *start = p->at;

	o->name = take_name(p);
	o->kind = OPERAND_CONSTANT;
	if (strcmp(o->name, "true") == 0 || strcmp(o->name, "false") == 0)
		o->constant = json_new_bool(p->a, o->name[0] == 't');
	else if (strcmp(o->name, "nil") != 0)
		o->kind = OPERAND_FUNCTION;
	if (o->kind == OPERAND_FUNCTION && !template_function_known(start, strlen(o->name)))
		return fail(p, "function \"%s\" not defined", o->name);
	return 0;
}

static int take_parenthesis(struct parser *p, struct operand *o)
{
	if (++p->depth > TEMPLATE_DEPTH_MAX)
		return fail(p, "nested too deeply");
	p->at++;
	o->kind = OPERAND_PIPELINE;
	if (parse_pipeline(p, "parenthesized pipeline", &o->pipeline) < 0)
		return -E_SYNTAX;
	skip_space(p);
	if (*p->at != ')')
		return fail(p, "unclosed left paren");
	p->at++;
	p->depth--;
	return take_fields(p, o);
}

static int take_operand_inner(struct parser *p, struct operand *o)
{
	char c = *p->at;

	if (c == '.' && is_name(p->at[1]) && !isdigit((unsigned char)p->at[1]))
		return take_fields(p, o);
	if (c == '.' && !isdigit((unsigned char)p->at[1])) {
		p->at++;
		return 0;
	}
	if (c == '$')
		return take_variable(p, o);
	if (c == '(')
		return take_parenthesis(p, o);
	if (isdigit((unsigned char)c) || c == '.' || c == '-' || c == '+') {
		o->kind = OPERAND_CONSTANT;
		return take_constant(p, &o->constant);
	}
	if (c == '"' || c == '`' || c == '\'') {
		o->kind = OPERAND_CONSTANT;
		return take_constant(p, &o->constant);
	}
	if (is_name(c))
		return take_identifier(p, o);
	if (!c)
		return fail(p, "unclosed action");
	return fail(p, "unexpected \"%c\" in operand", c);
}

static int take_operand(struct parser *p, struct operand *o)
{
	*o = (struct operand){.kind = OPERAND_DOT, .source = p->at};
	if (take_operand_inner(p, o) < 0)
		return -E_SYNTAX;
	o->source_len = (size_t)(p->at - o->source);
	return 0;
}

static void append_operand(struct parser *p, struct operand_list *list, const struct operand *o)
{
	struct operand *more = arena_array(p->a, list->count + 1, sizeof(*more));

	if (list->count)
		memcpy(more, list->items, list->count * sizeof(*more));
	more[list->count++] = *o;
	list->items = more;
}

static int parse_command(struct parser *p, struct command **out)
{
	struct command *c = arena_alloc(p->a, sizeof(*c));

	for (;;) {
		const char *before = p->at;
		struct operand o;

		skip_space(p);
		if (!*p->at)
			return fail(p, "unclosed action");
		if (*p->at == '|' || *p->at == ')' || at_close(p))
			break;
		if (c->words.count && before == p->at)
			return fail(p, "unexpected \"%.1s\" in operand", p->at);
		if (take_operand(p, &o) < 0)
			return -E_SYNTAX;
		append_operand(p, &c->words, &o);
	}
	if (c->words.count > 1 && c->words.items[0].kind == OPERAND_CONSTANT)
		return fail(p, "can't give argument to non-function %.*s",
			(int)c->words.items[0].source_len, c->words.items[0].source);
	*out = c;
	return 0;
}

/* "$x :=", "$i, $x :=" and "$x =" in front of a pipeline; nothing is taken when it is not that. */
static int take_declaration(struct parser *p, struct pipeline *pl)
{
	const char *start = p->at;

	while (*p->at == '$' && pl->nvariables < 2) {
		const char *name = p->at++;

		while (is_name(*p->at))
			p->at++;
		pl->variables[pl->nvariables++] = arena_strndup(p->a, name, (size_t)(p->at - name));
		skip_space(p);
		if (*p->at != ',')
			break;
		p->at++;
		skip_space(p);
	}
	if (strncmp(p->at, ":=", 2) == 0) {
		pl->declares = true;
		p->at += 2;
	} else if (*p->at == '=') {
		p->at++;
	} else {
		p->at = start;
		pl->nvariables = 0;
	}
	for (size_t i = 0; pl->declares && i < pl->nvariables; i++) {
		if (p->nscope == ARRAY_LEN(p->scope))
			return fail(p, "too many variables");
		p->scope[p->nscope++] = pl->variables[i];
	}
	return 0;
}

static int parse_pipeline(struct parser *p, const char *what, struct pipeline **out)
{
	struct pipeline *pl = arena_alloc(p->a, sizeof(*pl));
	struct command **tail = &pl->first;

	skip_space(p);
	if (take_declaration(p, pl) < 0)
		return -E_SYNTAX;
	for (;;) {
		if (parse_command(p, tail) < 0)
			return -E_SYNTAX;
		if (!(*tail)->words.count)
			return fail(p, "missing value for %s", what);
		tail = &(*tail)->next;
		if (*p->at != '|')
			break;
		p->at++;
	}
	*out = pl;
	return 0;
}

static int parse_list(struct parser *p, struct node **out);

/* Behind a list: "{{" was taken and one of end, else is next. */
static int parse_branches(struct parser *p, struct node *n, bool loop)
{
	size_t outer = p->nscope;

	if (parse_pipeline(p, "range", &n->pipeline) < 0 || take_close(p) < 0)
		return -E_SYNTAX;
	p->loops += loop;
	if (parse_list(p, &n->body) < 0)
		return -E_SYNTAX;
	p->loops -= loop;
	if (take_word(p, "else")) {
		skip_space(p);
		if (n->kind != NODE_RANGE &&
			(strncmp(p->at, "if ", 3) == 0 || strncmp(p->at, "with ", 5) == 0)) {
			/* "else if" is an if inside the else, closed by the same end */
			n->otherwise = arena_alloc(p->a, sizeof(*n));
			n->otherwise->kind = take_word(p, "if") ? NODE_IF : NODE_WITH;
			if (n->otherwise->kind == NODE_WITH)
				take_word(p, "with");
			p->nscope = outer;
			return parse_branches(p, n->otherwise, false);
		}
		if (take_close(p) < 0 || parse_list(p, &n->otherwise) < 0)
			return -E_SYNTAX;
	}
	p->nscope = outer;
	if (!take_word(p, "end"))
		return fail(p, *p->at ? "unexpected action" : "unexpected EOF");
	return take_close(p);
}

static int parse_template_call(struct parser *p, struct node *n, bool block)
{
	const struct json *name;

	skip_space(p);
	if (*p->at != '"' && *p->at != '`')
		return fail(p, "unexpected \"%.1s\" in template clause", p->at);
	if (take_constant(p, &name) < 0)
		return -E_SYNTAX;
	n->kind = NODE_TEMPLATE;
	n->text = name->text;
	skip_space(p);
	if (!at_close(p) && parse_pipeline(p, "template clause", &n->pipeline) < 0)
		return -E_SYNTAX;
	return block && !n->pipeline ? fail(p, "missing value for block clause") : take_close(p);
}

/* The body up to {{end}} under a name. */
static int parse_definition(struct parser *p, const char *name)
{
	struct definition *d = arena_alloc(p->a, sizeof(*d));

	if (parse_list(p, &d->body) < 0)
		return -E_SYNTAX;
	if (!take_word(p, "end"))
		return fail(p, *p->at ? "unexpected action in define" : "unexpected EOF");
	d->name = name;
	d->next = p->t->definitions;
	p->t->definitions = d;
	return take_close(p);
}

static int parse_define(struct parser *p)
{
	const struct json *name;

	skip_space(p);
	if (*p->at != '"' && *p->at != '`')
		return fail(p, "unexpected \"%.1s\" in define clause", p->at);
	if (take_constant(p, &name) < 0 || take_close(p) < 0)
		return -E_SYNTAX;
	return parse_definition(p, name->text);
}

/* One action; "{{" and the space behind it were taken. Leaves n->kind NODE_TEXT when it prints
 * nothing. */
static int parse_action(struct parser *p, struct node *n)
{
	n->kind = NODE_TEXT;
	if (take_word(p, "define"))
		return parse_define(p);
	if (take_word(p, "template"))
		return parse_template_call(p, n, false);
	if (take_word(p, "block"))
		return parse_template_call(p, n, true) < 0 ? -E_SYNTAX
							   : parse_definition(p, n->text);
	if (take_word(p, "if")) {
		n->kind = NODE_IF;
		return parse_branches(p, n, false);
	}
	if (take_word(p, "with")) {
		n->kind = NODE_WITH;
		return parse_branches(p, n, false);
	}
	if (take_word(p, "range")) {
		n->kind = NODE_RANGE;
		return parse_branches(p, n, true);
	}
	if (take_word(p, "break") || take_word(p, "continue")) {
		n->kind = p->at[-1] == 'k' ? NODE_BREAK : NODE_CONTINUE;
		return p->loops ? take_close(p) : fail(p, "break or continue outside {{range}}");
	}
	n->kind = NODE_ACTION;
	return parse_pipeline(p, "command", &n->pipeline) < 0 ? -E_SYNTAX : take_close(p);
}

static int skip_comment(struct parser *p)
{
	const char *end = strstr(p->at, "*/");

	if (!end)
		return fail(p, "unclosed comment");
	p->at = end + 2;
	return take_close(p);
}

/* Text up to "{{", without what a "{{-" trims. */
static struct node *take_text(struct parser *p)
{
	struct node *n = arena_alloc(p->a, sizeof(*n));
	const char *open = strstr(p->at, "{{");

	n->text = p->at;
	n->len = open ? (size_t)(open - p->at) : strlen(p->at);
	p->at += n->len;
	if (open && open[2] == '-' && isspace((unsigned char)open[3]))
		while (n->len && isspace((unsigned char)n->text[n->len - 1]))
			n->len--;
	return n;
}

/* Nodes up to the end of the text, or up to an action that closes the list (its "{{" is taken). */
static int parse_list(struct parser *p, struct node **out)
{
	struct node **tail = out;

	if (++p->depth > TEMPLATE_DEPTH_MAX)
		return fail(p, "nested too deeply");
	for (;;) {
		struct node *n = *tail = take_text(p);

		tail = &n->next;
		if (!*p->at)
			break;
		p->at += p->at[2] == '-' && isspace((unsigned char)p->at[3]) ? 3 : 2;
		skip_space(p);
		if (strncmp(p->at, "/*", 2) == 0) {
			if (skip_comment(p) < 0)
				return -E_SYNTAX;
			continue;
		}
		if ((strncmp(p->at, "end", 3) == 0 && !is_name(p->at[3])) ||
			(strncmp(p->at, "else", 4) == 0 && !is_name(p->at[4])))
			break;
		n = *tail = arena_alloc(p->a, sizeof(*n));
		if (parse_action(p, n) < 0)
			return -E_SYNTAX;
		tail = &n->next;
	}
	p->depth--;
	return 0;
}

int template_parse(struct arena *a, const char *text, struct template **t, struct err *err)
{
	struct parser p = {.a = a, .at = text, .err = err};

	p.t = arena_alloc(a, sizeof(*p.t));
	p.t->text = text;
	if (parse_list(&p, &p.t->body) < 0)
		return -E_SYNTAX;
	if (*p.at)
		return fail(&p, "unexpected {{%.*s}}", p.at[1] == 'n' ? 3 : 4, p.at);
	*t = p.t;
	return 0;
}
