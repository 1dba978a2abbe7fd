/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/attach.h"

#include "lib/own.h"

/* One row per frame: who sends it, and how much content it has. */
static const struct frame_rule {
	const char *name;
	enum attach_side from;
	size_t min, max;
} rules[] = {
	[ATTACH_STDIN] = {"STDIN", ATTACH_FROM_CLIENT, 1, ATTACH_CONTENT_MAX},
	[ATTACH_STDOUT] = {"STDOUT", ATTACH_FROM_MONITOR, 1, ATTACH_CONTENT_MAX},
	[ATTACH_STDERR] = {"STDERR", ATTACH_FROM_MONITOR, 1, ATTACH_CONTENT_MAX},
	[ATTACH_EOF] = {"EOF", ATTACH_FROM_CLIENT, 0, 0},
	[ATTACH_RESIZE] = {"RESIZE", ATTACH_FROM_CLIENT, 4, 4},
	[ATTACH_DETACH] = {"DETACH", ATTACH_FROM_CLIENT, 0, 0},
	[ATTACH_HELLO] = {"HELLO", ATTACH_FROM_MONITOR, 1, 1},
	[ATTACH_EXIT] = {"EXIT", ATTACH_FROM_MONITOR, 1, 1},
	[ATTACH_ERROR] = {"ERROR", ATTACH_FROM_MONITOR, 0, ATTACH_CONTENT_MAX},
	[ATTACH_QUIET] = {"QUIET", ATTACH_FROM_CLIENT, 0, 0},
};

int attach_parse(const void *packet, size_t len, enum attach_side from, struct attach_frame *frame,
	struct err *err)
{
	const unsigned char *bytes = packet;
	const struct frame_rule *rule;
	struct attach_frame f = {0};

	if (len == 0)
		return err_set(err, E_SYNTAX, "attach: an empty packet");
	if (bytes[0] >= ARRAY_LEN(rules))
		return err_set(err, E_SYNTAX, "attach: unknown frame %u", bytes[0]);
	rule = &rules[bytes[0]];
	if (rule->from != from)
		return err_set(err, E_SYNTAX, "attach: %s frame from the wrong side", rule->name);
	f.type = (enum attach_type)bytes[0];
	f.content = bytes + 1;
	f.len = len - 1;
	if (f.len < rule->min || f.len > rule->max)
		return err_set(err, E_SYNTAX, "attach: %s frame with %zu bytes", rule->name, f.len);
	if (f.type == ATTACH_RESIZE) {
		f.rows = (uint16_t)(bytes[1] << 8 | bytes[2]);
		f.columns = (uint16_t)(bytes[3] << 8 | bytes[4]);
	} else if (f.type == ATTACH_HELLO || f.type == ATTACH_EXIT) {
		f.value = bytes[1];
	}
	*frame = f;
	return 0;
}
