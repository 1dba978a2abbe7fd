/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel would answer: the instructions that seccomp_check_filter() of the kernel accepts.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

#include "runtime/seccomp.h"

#define ALU_MASK 0xf0

static uint32_t compute(uint16_t code, uint32_t a, uint32_t b)
{
	switch (code & ALU_MASK) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return b < 32 ? a << b : 0;
	case BPF_RSH:
		return b < 32 ? a >> b : 0;
	default: /* BPF_NEG */
		return -a;
	}
}

static bool holds(uint16_t code, uint32_t a, uint32_t b)
{
	switch (code & ALU_MASK) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default: /* BPF_JSET */
		return a & b;
	}
}

static uint32_t loaded(const struct sock_filter *op, uint32_t cell)
{
	if (BPF_MODE(op->code) == BPF_MEM)
		return cell;
	return BPF_MODE(op->code) == BPF_LEN ? sizeof(struct seccomp_data) : op->k;
}

/* Its answer (SECCOMP_RET_*); what is no program kills. */
static uint32_t run(
	const struct sock_filter *program, size_t count, const struct seccomp_data *data)
{
	uint32_t a = 0, x = 0, memory[BPF_MEMWORDS] = {0};

	for (size_t i = 0; i < count; i++) {
		const struct sock_filter *op = &program[i];
		uint32_t operand = BPF_SRC(op->code) == BPF_X ? x : op->k;
		uint32_t cell = op->k < BPF_MEMWORDS ? memory[op->k] : 0;

		switch (BPF_CLASS(op->code)) {
		case BPF_LD:
			if (BPF_MODE(op->code) == BPF_ABS && op->k <= sizeof(*data) - sizeof(a))
				memcpy(&a, (const char *)data + op->k, sizeof(a));
			else
				a = loaded(op, cell);
			break;
		case BPF_LDX:
			x = loaded(op, cell);
			break;
		case BPF_ST:
		case BPF_STX:
			if (op->k < BPF_MEMWORDS)
				memory[op->k] = BPF_CLASS(op->code) == BPF_ST ? a : x;
			break;
		case BPF_ALU:
			a = compute(op->code, a, operand);
			break;
		case BPF_JMP:
			if ((op->code & ALU_MASK) == BPF_JA)
				i += op->k;
			else
				i += holds(op->code, a, operand) ? op->jt : op->jf;
			break;
		case BPF_RET:
			return BPF_RVAL(op->code) == BPF_A ? a : op->k;
		default: /* BPF_MISC */
			if (BPF_MISCOP(op->code) == BPF_TAX)
				x = a;
			else
				a = x;
			break;
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

bool filter_lets(const struct seccomp_filter *f, int call, uint64_t arg0, uint64_t arg1)
{
	/* libseccomp's numbers of architectures are the kernel's */
	const struct seccomp_data data = {
		.nr = call, .arch = seccomp_arch_native(), .args = {arg0, arg1}};
	uint32_t action = run(f->program, f->count, &data) & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}
