/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/user.h"

#include <stdbool.h>
#include <string.h>

#define ID_MAX     0x7fffffffu /* docker's bound for what a user writes */
#define FIELDS_MAX 7           /* name:password:uid:gid:comment:home:shell */
#define GROUPS_MAX 65536       /* NGROUPS_MAX of the kernel */

struct word {
	const char *s;
	size_t n;
};

/* Lines of a text, one after the other. */
struct lines {
	const char *s, *end;
};

static bool next_line(struct lines *l, struct word *line)
{
	const char *eol;

	if (l->s >= l->end)
		return false;
	eol = memchr(l->s, '\n', (size_t)(l->end - l->s));
	line->s = l->s;
	line->n = (size_t)((eol ? eol : l->end) - l->s);
	l->s += line->n + 1;
	return true;
}

/* The next part of *w up to sep; *w becomes the rest. */
static bool next_part(struct word *w, char sep, struct word *part)
{
	const char *at;

	if (!w->s)
		return false;
	at = memchr(w->s, sep, w->n);
	part->s = w->s;
	part->n = at ? (size_t)(at - w->s) : w->n;
	w->n -= at ? part->n + 1 : part->n;
	w->s = at ? at + 1 : NULL;
	return true;
}

static size_t split(struct word line, struct word fields[FIELDS_MAX])
{
	size_t n = 0;

	while (n < FIELDS_MAX && next_part(&line, ':', &fields[n]))
		n++;
	return n;
}

static bool equal(struct word w, const char *s)
{
	return strlen(s) == w.n && memcmp(w.s, s, w.n) == 0;
}

/* Decimal digits alone, below 2^32 - 1, which setuid() and chown() take for "unchanged". */
static bool parse_id(struct word w, uint32_t *id)
{
	uint64_t n = 0;

	if (!w.n || w.n > 10)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		if (w.s[i] < '0' || w.s[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(w.s[i] - '0');
	}
	if (n >= UINT32_MAX)
		return false;
	*id = (uint32_t)n;
	return true;
}

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static struct word word_of(const char *s)
{
	return (struct word){s, strlen(s)};
}

/* A number that a user wrote. */
static int wanted_id(const char *text, uint32_t *id, struct err *err)
{
	if (!parse_id(word_of(text), id) || *id > ID_MAX)
		return err_set(err, E_SYNTAX,
			"uids and gids must be in range 0-2147483647: '%.40s'", text);
	return 0;
}

struct passwd_entry {
	struct word name, home;
	uint32_t uid, gid;
};

static bool parse_passwd(struct word line, struct passwd_entry *e)
{
	struct word f[FIELDS_MAX];

	if (split(line, f) < 6 || !f[0].n || !parse_id(f[2], &e->uid) || !parse_id(f[3], &e->gid))
		return false;
	e->name = f[0];
	e->home = f[5];
	return true;
}

/* By name, or by number; the first that matches, as getpwnam(3). */
static bool find_passwd(
	const struct user_files *files, const char *what, struct passwd_entry *found)
{
	struct lines l = {files->passwd, files->passwd ? files->passwd + files->passwd_len : NULL};
	uint32_t id = 0;
	bool number = all_digits(what) && parse_id(word_of(what), &id);
	struct word line;

	while (files->passwd && next_line(&l, &line))
		if (parse_passwd(line, found) &&
			(equal(found->name, what) || (number && found->uid == id)))
			return true;
	return false;
}

struct group_entry {
	struct word name, members;
	uint32_t gid;
};

static bool parse_group(struct word line, struct group_entry *e)
{
	struct word f[FIELDS_MAX];
	size_t n = split(line, f);

	if (n < 3 || !f[0].n || !parse_id(f[2], &e->gid))
		return false;
	e->name = f[0];
	e->members = n > 3 ? f[3] : (struct word){0};
	return true;
}

static bool has_member(struct word members, struct word name)
{
	struct word part;

	while (next_part(&members, ',', &part))
		if (part.n == name.n && memcmp(part.s, name.s, name.n) == 0)
			return true;
	return false;
}

int user_group_lookup(
	const struct user_files *files, const char *what, uint32_t *gid, struct err *err)
{
	struct lines l = {files->group, files->group ? files->group + files->group_len : NULL};
	struct group_entry e;
	struct word line;

	/* by name first: a group may be called "100" */
	while (files->group && next_line(&l, &line)) {
		if (parse_group(line, &e) && equal(e.name, what)) {
			*gid = e.gid;
			return 0;
		}
	}
	if (all_digits(what))
		return wanted_id(what, gid, err);
	return err_set(err, E_NOT_FOUND,
		"unable to find group %.100s: no matching entries in group file", what);
}

static void add_gid(struct user *u, uint32_t gid, size_t *room, struct arena *a)
{
	struct uint32_list *list = &u->additional_gids;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == gid)
			return;
	if (list->count == GROUPS_MAX)
		return;
	if (list->count == *room) {
		uint32_t *items;

		*room = *room ? *room * 2 : 8;
		items = arena_array(a, *room, sizeof(*items));
		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
	}
	list->items[list->count++] = gid;
}

/* The primary group and those that name the user as a member. */
static void collect_groups(
	const struct user_files *files, const struct word *name, struct user *u, struct arena *a)
{
	struct lines l = {files->group, files->group ? files->group + files->group_len : NULL};
	struct group_entry e;
	struct word line;
	size_t room = 0;

	add_gid(u, u->gid, &room, a);
	while (name && files->group && next_line(&l, &line))
		if (parse_group(line, &e) && has_member(e.members, *name))
			add_gid(u, e.gid, &room, a);
}

static int find_user(const struct user_files *files, const char *who, struct user *u,
	struct passwd_entry *entry, bool *found, struct arena *a, struct err *err)
{
	*found = find_passwd(files, who, entry);
	if (*found) {
		u->uid = entry->uid;
		u->gid = entry->gid;
		if (entry->home.n)
			u->home = arena_strndup(a, entry->home.s, entry->home.n);
		return 0;
	}
	if (all_digits(who))
		return wanted_id(who, &u->uid, err);
	return err_set(err, E_NOT_FOUND,
		"unable to find user %.100s: no matching entries in passwd file", who);
}

int user_lookup(const struct user_files *files, const char *what, struct user *user,
	struct arena *a, struct err *err)
{
	const char *colon = what ? strchr(what, ':') : NULL;
	const char *who = what ? arena_strndup(a, what, strcspn(what, ":")) : "";
	struct user u = {.home = "/"};
	struct passwd_entry entry;
	bool found;
	int r = find_user(files, *who ? who : "0", &u, &entry, &found, a, err);

	if (r == 0 && colon && colon[1])
		r = user_group_lookup(files, colon + 1, &u.gid, err);
	if (r < 0)
		return r;
	collect_groups(files, found && !(colon && colon[1]) ? &entry.name : NULL, &u, a);
	*user = u;
	return 0;
}

int user_add_groups(const struct user_files *files, const struct strings *groups, struct user *user,
	struct arena *a, struct err *err)
{
	struct user u = *user;
	size_t room = 0; /* what is there may be shared: the first addition copies it */
	uint32_t gid;

	for (size_t i = 0; i < groups->count; i++) {
		if (user_group_lookup(files, groups->items[i], &gid, err) < 0)
			return -err->code;
		room = room > u.additional_gids.count ? room : u.additional_gids.count;
		add_gid(&u, gid, &room, a);
	}
	*user = u;
	return 0;
}
