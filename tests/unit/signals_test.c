/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/signals.h"

#include <signal.h>

#include "tests/unit/unit.h"

static void names(void)
{
	CU_ASSERT_EQUAL(signal_number("TERM"), SIGTERM);
	CU_ASSERT_EQUAL(signal_number("SIGTERM"), SIGTERM);
	CU_ASSERT_EQUAL(signal_number("sigkill"), SIGKILL);
	CU_ASSERT_EQUAL(signal_number("POLL"), SIGIO);
}

static void numbers(void)
{
	CU_ASSERT_EQUAL(signal_number("0"), 0);
	CU_ASSERT_EQUAL(signal_number("9"), 9);
	CU_ASSERT_EQUAL(signal_number("64"), 64);
	CU_ASSERT_EQUAL(signal_number("65"), -1);
	CU_ASSERT_EQUAL(signal_number("009"), -1);
	CU_ASSERT_EQUAL(signal_number("-9"), -1);
}

static void realtime(void)
{
	CU_ASSERT_EQUAL(signal_number("RTMIN"), 34);
	CU_ASSERT_EQUAL(signal_number("SIGRTMIN+3"), 37);
	CU_ASSERT_EQUAL(signal_number("rtmax-1"), 63);
	CU_ASSERT_EQUAL(signal_number("RTMAX+1"), -1);
	CU_ASSERT_EQUAL(signal_number("RTMIN-1"), -1);
	CU_ASSERT_EQUAL(signal_number("RTMIN+31"), -1);
	CU_ASSERT_EQUAL(signal_number("RTMIN+"), -1);
}

static void others(void)
{
	CU_ASSERT_EQUAL(signal_number(""), -1);
	CU_ASSERT_EQUAL(signal_number("SIG"), -1);
	CU_ASSERT_EQUAL(signal_number("NOSUCH"), -1);
	CU_ASSERT_EQUAL(signal_number("9x"), -1);
}

UNIT_TESTS(signals) = {
	{"a signal has its name with and without SIG, in any case", names},
	{"a number is a signal up to 64, and 0 is one", numbers},
	{"real-time signals count from RTMIN and back from RTMAX", realtime},
	{"what is no signal is refused", others},
};
UNIT_COUNT(signals)
