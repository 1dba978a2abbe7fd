/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/names.h"

#include <stdio.h>

#include "lib/own.h"
#include "spec/reference.h"

static const char *const adjectives[] = {"agile", "alert", "amber", "ample", "apt", "autumn",
	"awake", "balmy", "bold", "brave", "breezy", "bright", "brisk", "calm", "candid", "cheery",
	"civil", "clear", "clever", "cosy", "crisp", "curious", "daring", "deft", "direct", "eager",
	"early", "earnest", "easy", "even", "exact", "fair", "fleet", "fluent", "fond", "frank",
	"fresh", "frugal", "gentle", "genuine", "glad", "golden", "good", "grand", "handy", "hardy",
	"hearty", "honest", "humble", "jolly", "just", "keen", "kind", "lasting", "light", "lively",
	"loyal", "lucid", "lucky", "mellow", "merry", "mild", "modest", "neat", "nimble", "noble",
	"open", "patient", "plain", "playful", "polite", "prompt", "proud", "pure", "quick",
	"quiet", "rapid", "ready", "robust", "rustic", "sane", "serene", "sharp", "silent",
	"simple", "sincere", "smooth", "snug", "sober", "solid", "sound", "spry", "stable",
	"steady", "still", "stout", "sturdy", "subtle", "sunny", "sure", "swift", "tender", "tidy",
	"trusty", "upbeat", "valiant", "vital", "vivid", "warm", "wise", "witty", "zesty"};

static const char *const surnames[] = {"abel", "agnesi", "alhazen", "ampere", "archimedes",
	"arrhenius", "avogadro", "babbage", "banneker", "bell", "bernoulli", "bohr", "boole",
	"born", "bose", "boyle", "brahe", "cannon", "cantor", "carson", "cauchy", "chandrasekhar",
	"chatelet", "church", "copernicus", "coulomb", "curie", "darwin", "dedekind", "descartes",
	"dirac", "euclid", "euler", "faraday", "fermat", "fermi", "feynman", "fibonacci", "fleming",
	"foucault", "fourier", "franklin", "fresnel", "galilei", "galois", "gauss", "germain",
	"gibbs", "godel", "goodall", "halley", "hamilton", "heisenberg", "helmholtz", "hertz",
	"hilbert", "hodgkin", "hooke", "hopper", "hubble", "humboldt", "huygens", "hypatia",
	"jacobi", "johnson", "joliot", "joule", "kelvin", "kepler", "khwarizmi", "klein",
	"kolmogorov", "kovalevskaya", "lagrange", "lamarr", "laplace", "lavoisier", "leavitt",
	"leibniz", "liskov", "lorentz", "lovelace", "maxwell", "mayer", "mcclintock", "meitner",
	"mendel", "mendeleev", "mirzakhani", "mitchell", "napier", "neumann", "newton",
	"nightingale", "nobel", "noether", "ohm", "pascal", "pasteur", "pauli", "payne", "peano",
	"planck", "poincare", "ptolemy", "pythagoras", "raman", "ramanujan", "riemann", "ritchie",
	"rubin", "rutherford", "sagan", "schrodinger", "shannon", "somerville", "tesla", "thales",
	"torricelli", "tu", "turing", "vaughan", "vinci", "volta", "wallace", "watt", "weyl",
	"wiles", "wilson", "wu", "yonath"};

void names_generate(unsigned seed, char name[NAMES_MAX])
{
	const unsigned pairs = ARRAY_LEN(adjectives) * ARRAY_LEN(surnames);
	unsigned pair = seed % pairs;
	int n = snprintf(name, NAMES_MAX, "%s_%s", adjectives[pair % ARRAY_LEN(adjectives)],
		surnames[pair / ARRAY_LEN(adjectives)]);

	if (seed / pairs % 16)
		snprintf(name + n, NAMES_MAX - (size_t)n, "%u", seed / pairs % 16);
}

const char *names_familiar(const char *canonical, struct arena *a)
{
	struct reference ref;
	struct err ignored;

	return reference_parse(canonical, &ref, a, &ignored) < 0 ? canonical
								 : reference_familiar(&ref, a);
}
