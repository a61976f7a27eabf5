// SPDX-License-Identifier: Apache-2.0
//
// Typed functions for C++17: the compiler makes the signature out of the function's type.
//
//     static std::int32_t short_name(const bio_str *text, std::int64_t longest, const bio_sink *out) noexcept;
//     static std::int32_t is_port(std::int64_t port, const bio_sink *why) noexcept;
//
//     plugin.functions = {bio::function("short_name", "the first letters of a text", short_name),
//                         bio::check("is_port", "a port", is_port)};
//
// A function that throws into the host would end the process: only a noexcept one is taken.
#ifndef BIO_FUNCTION_HPP
#define BIO_FUNCTION_HPP

#include "bio_export.h"

#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace bio {

// The `b` of a signature: std::uint32_t alone is its `u32`.
enum class Truth : std::uint32_t { no, yes };

struct Function {
    std::string name, doc, signature;
    void (*function)() noexcept;
};

namespace signature {

template <class Type> constexpr const char *word = nullptr;
template <> inline constexpr const char *word<Truth> = "b";
template <> inline constexpr const char *word<std::int32_t> = "i32";
template <> inline constexpr const char *word<std::int64_t> = "i64";
template <> inline constexpr const char *word<std::uint32_t> = "u32";
template <> inline constexpr const char *word<std::uint64_t> = "u64";
template <> inline constexpr const char *word<double> = "d";
template <> inline constexpr const char *word<const bio_str *> = "s";

template <class Type> constexpr bool is_sink = std::is_same_v<Type, const bio_sink *>;

template <class... Arguments> constexpr bool ends_with_sink() {
    if constexpr (sizeof...(Arguments) == 0) return false;
    else return is_sink<std::tuple_element_t<sizeof...(Arguments) - 1, std::tuple<Arguments...>>>;
}

template <class... Arguments> std::string of(std::string result) {
    constexpr int sinks = (0 + ... + int(is_sink<Arguments>));
    static_assert(((is_sink<Arguments> || word<Arguments> != nullptr) && ...), "an argument has no word in signatures");
    static_assert(sinks == int(ends_with_sink<Arguments...>()), "the sink is the last argument, and there is one");
    static_assert(sizeof...(Arguments) - sinks <= 8, "a signature has at most 8 arguments");
    result += "(";
    [[maybe_unused]] const char *comma = "";
    (..., (is_sink<Arguments> ? void() : (void(result += comma), void(result += word<Arguments>), void(comma = ","))));
    return result + ")";
}

} // namespace signature

// A function that gives a value: a number or a truth, or with a sink as its last argument a text.
template <class Result, class... Arguments>
Function function(std::string name, std::string doc, Result (*body)(Arguments...) noexcept) {
    constexpr bool is_text = signature::ends_with_sink<Arguments...>();
    static_assert(!is_text || std::is_same_v<Result, std::int32_t>, "a function with a sink returns a code");
    static_assert(is_text || (signature::word<Result> != nullptr && !std::is_same_v<Result, const bio_str *>),
                  "a text is written to a sink");
    return {std::move(name), std::move(doc), signature::of<Arguments...>(is_text ? "s" : signature::word<Result>),
            reinterpret_cast<void (*)() noexcept>(body)};
}

// A function that says whether its arguments will do; bio::Option::check names it.
template <class... Arguments>
Function check(std::string name, std::string doc, std::int32_t (*body)(Arguments...) noexcept) {
    static_assert(signature::ends_with_sink<Arguments...>(), "a check writes to a sink why not");
    return {std::move(name), std::move(doc), signature::of<Arguments...>("check"),
            reinterpret_cast<void (*)() noexcept>(body)};
}

// A function that takes any values.
inline Function function_of_any(std::string name, std::string doc,
                                std::int32_t (*body)(const bio_value *, std::uint32_t, const bio_sink *) noexcept) {
    return {std::move(name), std::move(doc), "*", reinterpret_cast<void (*)() noexcept>(body)};
}

} // namespace bio

#endif // BIO_FUNCTION_HPP
