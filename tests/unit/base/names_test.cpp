#include <base/names.hpp>
#include <support/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium {
namespace {

/// Refused names, each with the expected message.
using refusals = std::vector<std::pair<std::string, std::string>>;

void check_refused(const refusals& refused_names) {
    for (const auto& [name, fault] : refused_names) {
        CAPTURE(name);
        CHECK(fault_of_name(name) == fault);
    }
}

} // namespace

TEST_CASE("real names in many scripts are accepted") {
    for (const auto* name : {
             "ann",
             "ann lee",
             "Łukasz O’Neill-Müller",
             "Zoe\u0308",                  // a letter and a combining mark
             "李小龍",                     // Chinese
             "\u845B\U000E0100城",         // an ideograph with a variation selector, as in Japanese family registers
             "ひらがな カタカナ",          // Japanese
             "김철수",                     // Korean
             "محمد",                       // Arabic
             "سید می\u200Cخواهم",          // Persian, with a non-joiner
             "क्\u200Dषत्रिय",               // Hindi, with a joiner after a mark
             "শর্মা র\u200D্যাব",            // Bengali, with a joiner before a mark
             "ශ්\u200Dරී ලංකා",              // Sinhala
             "สมชาย",                      // Thai
             "ᠮᠣᠩᠭᠣᠯ\u180B",               // Mongolian, with a selector
             "\u0600\u0661",               // an Arabic number sign, which is a visible format character
             "👨\u200D👩\u200D👧\u200D👦", // a family
             "🕵🏽\u200D♂\uFE0F",          // with a skin tone and a selector
             "❤\uFE0F\u200D🔥",            // a joiner after a selector
             "1\uFE0F\u20E3",              // a keycap
             "🇩🇪",                         // a flag
         }) {
        CAPTURE(name);
        CHECK(fault_of_name(name) == "");
    }
}

TEST_CASE("an invisible character is refused, and the message names its code point") {
    check_refused({
        {"\u200b", "must not contain U+200B, which is invisible"},
        {"ad\u200bmin", "must not contain U+200B, which is invisible"},
        {"\u202eadmin", "must not contain U+202E, which is invisible"},
        {"ann\u2069", "must not contain U+2069, which is invisible"},
        {"\u200fann", "must not contain U+200F, which is invisible"},
        {"a\u00adnn", "must not contain U+00AD, which is invisible"},    // SOFT HYPHEN
        {"ad\u034fmin", "must not contain U+034F, which is invisible"},  // COMBINING GRAPHEME JOINER
        {"\ufeffann", "must not contain U+FEFF, which is invisible"},    // BYTE ORDER MARK
        {"\u3164", "must not contain U+3164, which is invisible"},       // HANGUL FILLER, a letter
        {"a\uffa0", "must not contain U+FFA0, which is invisible"},      // HALFWIDTH HANGUL FILLER
        {"\u115f\u1160", "must not contain U+115F, which is invisible"}, // HANGUL CHOSEONG FILLER
        {"a\u180eb", "must not contain U+180E, which is invisible"},     // MONGOLIAN VOWEL SEPARATOR
        {"a\u2060b", "must not contain U+2060, which is invisible"},     // WORD JOINER
        {"a\ufff9b", "must not contain U+FFF9, which is invisible"},     // INTERLINEAR ANNOTATION ANCHOR
        {"x\U000E0061", "must not contain U+E0061, which is invisible"}, // TAG LATIN SMALL LETTER A
        {"🏴\U000E0067\U000E0062\U000E007F", "must not contain U+E0067, which is invisible"},
    });
}

TEST_CASE("line separators and private or unassigned code points are refused") {
    check_refused({
        {"ann\u2028bob", "must not contain U+2028, which separates lines or paragraphs"},
        {"ann\u2029bob", "must not contain U+2029, which separates lines or paragraphs"},
        {"\ue000", "must not contain U+E000, which is for private use"},
        {"a\U00100000", "must not contain U+100000, which is for private use"},
    });
    for (const auto* name : {"\u0378", "a\uffff", "\ufdd0", "\U000EFFFF", "\u2065", "a\U0010FFFF"}) {
        CAPTURE(name);
        const auto fault = fault_of_name(name);
        CHECK(fault.find(", which Unicode ") != std::string::npos);
        CHECK(fault.ends_with("does not assign"));
    }
}

TEST_CASE("a joiner is valid only between two visible characters") {
    const std::string rule = "can have U+200D only between two visible characters";
    check_refused({
        {"\u200d", rule},
        {"\u200dann", rule},
        {"ann\u200d", rule},
        {"a\u200d b", rule},
        {"a \u200db", rule},
        {"a\u200d\u200db", rule},
        {"a\u200d\u2800", rule},
        {"\u200c", "can have U+200C only between two visible characters"},
        {"a\u200c", "can have U+200C only between two visible characters"},
        {"a\u200c\u200db", rule},
        {"a\u200d\ufe0f", "can have U+FE0F only after a visible character"},
    });
}

TEST_CASE("a variation selector is valid only after a visible character") {
    check_refused({
        {"\ufe0f", "can have U+FE0F only after a visible character"},
        {"a \ufe0e", "can have U+FE0E only after a visible character"},
        {"a\ufe0f\ufe0f", "can have U+FE0F only after a visible character"},
        {"\U000E0100", "can have U+E0100 only after a visible character"},
        {"\u180b", "can have U+180B only after a visible character"},
        {"\u0301\ufe0f", "can have U+FE0F only after a visible character"},
    });
}

TEST_CASE("a name must have a visible character") {
    const std::string rule = "must have a visible character";
    check_refused({
        {"", rule},
        {"   ", rule},
        {"\u00a0\u3000", rule},
        {"\u0301", rule}, // a mark without a base character
        {"\u2800", rule}, // BRAILLE PATTERN BLANK, a symbol
        {"\U0001D159", rule},
        {"\t\n", rule},
    });
    CHECK(fault_of_name(" tea\n") == "");
    CHECK(fault_of_name(" \u0301e") == "");
}

} // namespace atrium
