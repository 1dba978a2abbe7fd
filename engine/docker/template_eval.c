/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template_ast.h"
#include "lib/own.h"

#define VARIABLES_MAX 128
#define ARGS_MAX      32

enum flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE };

struct variable {
	const char *name;
	const struct json *value;
};

struct run {
	const struct template *t;
	const char *name; /* of the template that runs, for messages */
	const char *type; /* of the data */
	const struct json *data;
	struct arena a; /* what the execution makes */
	struct variable variables[VARIABLES_MAX];
	size_t nvariables;
	int depth;
	struct buf *out;
	struct err *err;
};

/* Put Go's "template: :1:2: executing "" at <.X>: " in front of the reason. */
static int fail_at(struct run *r, const struct operand *o, const char *reason)
{
	char place[40];

	template_place(r->t, o->source, place);
	return err_set(r->err, E_SYNTAX, "template: :%s: executing \"%s\" at <%.*s>: %s", place,
		r->name, (int)o->source_len, o->source, reason);
}

static const char *kind_name(const struct json *v)
{
	static const char *const names[] = {[JSON_NULL] = "nil",
		[JSON_BOOL] = "bool",
		[JSON_NUMBER] = "int",
		[JSON_STRING] = "string",
		[JSON_ARRAY] = "[]interface {}",
		[JSON_OBJECT] = "map[string]interface {}"};

	return v ? names[v->type] : "nil";
}

static int eval_pipeline(struct run *r, const struct pipeline *pl, const struct json *dot,
	const struct json **value);

static int get_field(
	struct run *r, const struct operand *o, const char *field, const struct json **value)
{
	const struct json *from = *value;
	char reason[200];

	if (from && from->type == JSON_OBJECT) {
		*value = json_get(from, field);
		if (*value)
			return 0;
		if (from == r->data && r->type)
			snprintf(reason, sizeof(reason), "can't evaluate field %.80s in type %s",
				field, r->type);
		else
			snprintf(reason, sizeof(reason), "map has no entry for key \"%.80s\"",
				field);
	} else if (!from || from->type == JSON_NULL) {
		snprintf(
			reason, sizeof(reason), "nil pointer evaluating interface {}.%.80s", field);
	} else {
		snprintf(reason, sizeof(reason), "can't evaluate field %.80s in type %s", field,
			kind_name(from));
	}
	return fail_at(r, o, reason);
}

static int find_variable(struct run *r, const struct operand *o, const struct json **value)
{
	for (size_t i = r->nvariables; i-- > 0;) {
		if (strcmp(r->variables[i].name, o->name) == 0) {
			*value = r->variables[i].value;
			return 0;
		}
	}
	return fail_at(r, o, "undefined variable");
}

/* A word by itself, without arguments. */
static int eval_operand(
	struct run *r, const struct operand *o, const struct json *dot, const struct json **value)
{
	int status = 0;

	switch (o->kind) {
	case OPERAND_DOT:
		*value = dot;
		break;
	case OPERAND_VARIABLE:
		status = find_variable(r, o, value);
		break;
	case OPERAND_CONSTANT:
		*value = o->constant;
		break;
	case OPERAND_PIPELINE:
		status = eval_pipeline(r, o->pipeline, dot, value);
		break;
	case OPERAND_FUNCTION: {
		struct err why;

		if (template_call(&r->a, o->name, NULL, 0, value, &why) < 0)
			status = fail_at(r, o, why.msg);
		break;
	}
	}
	for (size_t i = 0; status == 0 && i < o->nfields; i++)
		status = get_field(r, o, o->fields[i], value);
	return status;
}

/* "and" and "or" stop at the first argument that decides. */
static int eval_logic(struct run *r, const struct operand_list *words, const struct json *dot,
	const struct json *piped, const struct json **value)
{
	bool stop_at = words->items[0].name[0] == 'o';

	for (size_t i = 1; i < words->count; i++) {
		if (eval_operand(r, &words->items[i], dot, value) < 0)
			return -E_SYNTAX;
		if (template_truth(*value) == stop_at)
			return 0;
	}
	if (piped)
		*value = piped;
	else if (words->count == 1)
		return fail_at(r, &words->items[0], "wrong number of args: want at least 1 got 0");
	return 0;
}

/* The first word with the others, and what comes through the pipe, as its arguments. */
static int eval_call(struct run *r, const struct operand_list *words, const struct json *dot,
	const struct json *const *piped, const struct json **value)
{
	const struct operand *first = &words->items[0];
	const struct json *args[ARGS_MAX];
	size_t nargs = 0;
	struct err why;

	if (words->count + 1 > ARGS_MAX)
		return fail_at(r, first, "too many arguments");
	for (size_t i = 1; i < words->count; i++)
		if (eval_operand(r, &words->items[i], dot, &args[nargs++]) < 0)
			return -E_SYNTAX;
	if (piped)
		args[nargs++] = *piped;
	if (first->kind == OPERAND_FUNCTION) {
		if (template_call(&r->a, first->name, args, nargs, value, &why) < 0)
			return fail_at(r, first, why.msg);
		return 0;
	}
	if (eval_operand(r, first, dot, value) < 0)
		return -E_SYNTAX;
	/* docker's one method with an argument, {{.Label "key"}}: our data has a map there */
	if (first->nfields && nargs == 1 && *value && (*value)->type == JSON_OBJECT && args[0] &&
		args[0]->type == JSON_STRING) {
		const struct json *found = json_get(*value, args[0]->text);

		*value = found ? found : json_new_string(&r->a, "");
		return 0;
	}
	return fail_at(r, first, "can't give argument to non-function");
}

static int eval_command(struct run *r, const struct command *c, const struct json *dot,
	const struct json *const *piped, const struct json **value)
{
	const struct operand *first = &c->words.items[0];

	if (first->kind == OPERAND_FUNCTION &&
		(strcmp(first->name, "and") == 0 || strcmp(first->name, "or") == 0))
		return eval_logic(r, &c->words, dot, piped ? *piped : NULL, value);
	if (c->words.count == 1 && !piped)
		return eval_operand(r, first, dot, value);
	return eval_call(r, &c->words, dot, piped, value);
}

static int set_variable(struct run *r, const char *name, bool declare, const struct json *value,
	const struct operand *where)
{
	if (declare) {
		if (r->nvariables == VARIABLES_MAX)
			return fail_at(r, where, "too many variables");
		r->variables[r->nvariables++] = (struct variable){name, value};
		return 0;
	}
	for (size_t i = r->nvariables; i-- > 0;) {
		if (strcmp(r->variables[i].name, name) == 0) {
			r->variables[i].value = value;
			return 0;
		}
	}
	return fail_at(r, where, "undefined variable");
}

/* range sets its own variables; everywhere else the one variable gets the pipeline's value. */
static int eval_pipeline(
	struct run *r, const struct pipeline *pl, const struct json *dot, const struct json **value)
{
	const struct json *piped = NULL;
	bool first = true;

	for (const struct command *c = pl->first; c; c = c->next) {
		if (eval_command(r, c, dot, first ? NULL : &piped, value) < 0)
			return -E_SYNTAX;
		piped = *value;
		first = false;
	}
	return 0;
}

static int assign(struct run *r, const struct pipeline *pl, const struct json *value)
{
	if (!pl->nvariables)
		return 0;
	return set_variable(r, pl->variables[0], pl->declares, value, &pl->first->words.items[0]);
}

static int run_list(struct run *r, const struct node *n, const struct json *dot, enum flow *flow);

static int run_branch(struct run *r, const struct node *n, const struct json *dot, enum flow *flow)
{
	size_t scope = r->nvariables;
	const struct json *value;
	int status = eval_pipeline(r, n->pipeline, dot, &value);

	if (status == 0)
		status = assign(r, n->pipeline, value);
	if (status < 0)
		return status;
	if (template_truth(value))
		status = run_list(r, n->body, n->kind == NODE_WITH ? value : dot, flow);
	else
		status = run_list(r, n->otherwise, dot, flow);
	r->nvariables = scope;
	return status;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

/* The elements to walk: an array's in order, an object's by key, a number's 0..n-1. */
static const struct json **range_items(struct run *r, const struct json *value, size_t *count)
{
	const struct json **items;
	int64_t n = 0;

	*count = 0;
	if (!value)
		return NULL;
	if (value->type == JSON_NUMBER) {
		if (json_int64(value, &n) < 0 || n < 0 || n > 1000000)
			n = 0;
		items = arena_array(&r->a, (size_t)n, sizeof(*items));
		for (; *count < (size_t)n; (*count)++)
			items[*count] = json_new_int(&r->a, (int64_t)*count);
		return items;
	}
	items = arena_array(&r->a, value->count, sizeof(*items));
	json_each (child, value)
		items[(*count)++] = child;
	if (value->type == JSON_OBJECT)
		qsort(items, *count, sizeof(*items), compare_keys);
	return items;
}

static int range_variables(struct run *r, const struct pipeline *pl, const struct json *container,
	const struct json *item, size_t index)
{
	const struct operand *where = &pl->first->words.items[0];
	const struct json *key;

	if (pl->nvariables == 1)
		return set_variable(r, pl->variables[0], pl->declares, item, where);
	if (pl->nvariables == 0)
		return 0;
	key = container->type == JSON_OBJECT ? json_new_string(&r->a, item->key)
					     : json_new_int(&r->a, (int64_t)index);
	if (set_variable(r, pl->variables[0], pl->declares, key, where) < 0)
		return -E_SYNTAX;
	return set_variable(r, pl->variables[1], pl->declares, item, where);
}

static int run_range(struct run *r, const struct node *n, const struct json *dot)
{
	const struct json *value, **items;
	size_t count, scope = r->nvariables;
	enum flow flow = FLOW_NEXT;

	if (eval_pipeline(r, n->pipeline, dot, &value) < 0)
		return -E_SYNTAX;
	if (value && (value->type == JSON_STRING || value->type == JSON_BOOL))
		return fail_at(
			r, &n->pipeline->first->words.items[0], "range can't iterate over it");
	items = range_items(r, value, &count);
	if (!count)
		return run_list(r, n->otherwise, dot, &flow);
	for (size_t i = 0; i < count && flow != FLOW_BREAK; i++) {
		flow = FLOW_NEXT;
		if (range_variables(r, n->pipeline, value, items[i], i) < 0 ||
			run_list(r, n->body, items[i], &flow) < 0)
			return -E_SYNTAX;
		r->nvariables = scope;
	}
	return 0;
}

static int run_template(struct run *r, const struct node *n, const struct json *dot)
{
	const struct json *value = NULL;
	const struct definition *d = r->t->definitions;
	const char *caller = r->name;
	size_t scope = r->nvariables;
	enum flow flow;
	int status;

	if (n->pipeline && eval_pipeline(r, n->pipeline, dot, &value) < 0)
		return -E_SYNTAX;
	while (d && strcmp(d->name, n->text) != 0)
		d = d->next;
	if (!d)
		return err_set(
			r->err, E_SYNTAX, "template: :1: template \"%s\" not defined", n->text);
	r->name = d->name;
	if (r->nvariables < VARIABLES_MAX)
		r->variables[r->nvariables++] = (struct variable){"$", value};
	status = run_list(r, d->body, value, &flow);
	r->nvariables = scope;
	r->name = caller;
	return status;
}

static int run_action(struct run *r, const struct node *n, const struct json *dot)
{
	const struct json *value;

	if (eval_pipeline(r, n->pipeline, dot, &value) < 0)
		return -E_SYNTAX;
	if (n->pipeline->nvariables)
		return assign(r, n->pipeline, value);
	template_print(value, r->out);
	return 0;
}

static int run_node(struct run *r, const struct node *n, const struct json *dot, enum flow *flow)
{
	switch (n->kind) {
	case NODE_TEXT:
		buf_add(r->out, n->text, n->len);
		return 0;
	case NODE_ACTION:
		return run_action(r, n, dot);
	case NODE_IF:
	case NODE_WITH:
		return run_branch(r, n, dot, flow);
	case NODE_RANGE:
		return run_range(r, n, dot);
	case NODE_TEMPLATE:
		return run_template(r, n, dot);
	case NODE_BREAK:
		*flow = FLOW_BREAK;
		return 0;
	case NODE_CONTINUE:
		*flow = FLOW_CONTINUE;
		return 0;
	}
	return 0;
}

static int run_list(struct run *r, const struct node *n, const struct json *dot, enum flow *flow)
{
	size_t scope = r->nvariables;
	int status = 0;

	*flow = FLOW_NEXT;
	if (++r->depth > TEMPLATE_DEPTH_MAX)
		return err_set(r->err, E_LIMIT, "template: exceeded maximum template depth (%d)",
			TEMPLATE_DEPTH_MAX);
	for (; n && status == 0 && *flow == FLOW_NEXT; n = n->next) {
		status = run_node(r, n, dot, flow);
		if (status == 0 && r->out->len > TEMPLATE_OUTPUT_MAX)
			status = err_set(r->err, E_LIMIT,
				"template: output is larger than %d bytes", TEMPLATE_OUTPUT_MAX);
	}
	r->nvariables = scope;
	r->depth--;
	return status;
}

static void run_release(struct run *r)
{
	arena_release(&r->a);
}

int template_execute(const struct template *t, const struct json *data, const char *type,
	struct buf *out, struct err *err)
{
	own(run_release) struct run r = {
		.t = t, .name = "", .type = type, .data = data, .out = out, .err = err};
	enum flow flow;

	r.variables[r.nvariables++] = (struct variable){"$", data};
	return run_list(&r, t->body, data, &flow);
}
