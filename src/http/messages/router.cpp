#include <http/method.hpp>
#include <http/router.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::array supported_methods{verb::delete_, verb::get, verb::patch, verb::post};

std::optional<std::size_t> index_of(verb method) {
    const auto found = std::find(supported_methods.begin(), supported_methods.end(), method);
    return found == supported_methods.end() ? std::nullopt
                                            : std::optional{static_cast<std::size_t>(found - supported_methods.begin())};
}

/// Removes the next segment from the front of a path such as "/users/1" and returns it; nullopt if none is left. A trailing
/// slash does not count as a segment.
std::optional<std::string_view> take_segment(std::string_view& path) {
    if (path.empty() || path == "/")
        return std::nullopt;
    if (path.front() == '/')
        path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_placeholder(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// Whether a placeholder stands for all further segments: "{rest...}".
bool is_tail(std::string_view segment) {
    return is_placeholder(segment) && segment.ends_with("...}");
}

/// "id" for "{id}" and for "{id...}".
std::string_view name_of_placeholder(std::string_view segment) {
    const std::size_t end = is_tail(segment) ? 4 : 1;
    return segment.substr(1, segment.size() - 1 - end);
}

} // namespace

/// One segment of the patterns; a pattern is a path from the root of this tree.
struct router::node {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::map<std::string, std::unique_ptr<node>, std::less<>> literal_children;
    std::unique_ptr<node> placeholder_child;
    std::unique_ptr<node> tail_child;
    bool is_tail_node = false; ///< whether this node is a `{name...}`, which has no children

    std::array<std::size_t, supported_methods.size()> routes{none, none, none,
                                                             none}; // indexes in `routes_`, in the order of `supported_methods`
    std::string allow;                                              // empty if no pattern ends here
    std::string pattern;

    node& child(std::string_view segment) {
        auto& slot = is_tail(segment)          ? tail_child
                     : is_placeholder(segment) ? placeholder_child
                                               : literal_children[std::string{segment}];
        if (!slot)
            slot = std::make_unique<node>();
        slot->is_tail_node = is_tail(segment);
        return *slot;
    }

    /// Updates `allow`, the list of the methods of this path in alphabetical order.
    void update_allow() {
        std::vector<std::string_view> names{"OPTIONS"};
        for (std::size_t i = 0; i < supported_methods.size(); ++i) {
            if (routes[i] == none)
                continue;
            names.push_back(name_of(supported_methods[i]));
            if (supported_methods[i] == verb::get)
                names.emplace_back("HEAD");
        }
        std::sort(names.begin(), names.end());
        allow.clear();
        for (const auto name : names)
            allow.append(allow.empty() ? "" : ", ").append(name);
    }

    /// The node to which `path` leads from this one, or null if no pattern matches. Literal segments are preferred to
    /// placeholders, and placeholders to tails. The values of the placeholders are appended to `values`.
    [[nodiscard]] const node* walk(std::string_view path, std::vector<std::string_view>& values) const {
        const auto rest = path;
        const auto segment = take_segment(path);
        if (!segment)
            return allow.empty() ? nullptr : this;
        if (const auto next = literal_children.find(*segment); next != literal_children.end())
            if (const auto* end = next->second->walk(path, values))
                return end;
        if (segment->empty())
            return nullptr;
        if (placeholder_child) {
            values.push_back(*segment);
            if (const auto* end = placeholder_child->walk(path, values))
                return end;
            values.pop_back();
        }
        if (tail_child)
            values.push_back(rest.substr(rest.front() == '/' ? 1 : 0));
        return tail_child.get();
    }
};

route_options& route_options::scope(std::string name) {
    route_.requirement = access::requirement::for_scope(std::move(name));
    return *this;
}

route_options& route_options::any_principal() {
    route_.requirement = access::requirement::any_principal();
    return *this;
}

route_options& route_options::open() {
    route_.requirement = access::requirement::nothing();
    return *this;
}

route_options& route_options::describe(http::operation o) {
    route_.operation = std::move(o);
    return *this;
}

router::router() : root_{std::make_unique<node>()} {}
router::~router() = default;
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;

route_options router::get(std::string pattern, std::string summary, http::handler h) {
    return add({verb::get, std::move(pattern), std::move(summary), std::move(h)});
}

route_options router::get_vital(std::string pattern, std::string summary, http::handler h) {
    return add({.method = verb::get,
                .pattern = std::move(pattern),
                .summary = std::move(summary),
                .handler = std::move(h),
                .is_vital = true});
}

route_options router::post(std::string pattern, std::string summary, http::handler h, early_check early) {
    return add({verb::post, std::move(pattern), std::move(summary), std::move(h), early});
}

route_options router::patch(std::string pattern, std::string summary, http::handler h, early_check early) {
    return add({verb::patch, std::move(pattern), std::move(summary), std::move(h), early});
}

route_options router::remove(std::string pattern, std::string summary, http::handler h) {
    return add({verb::delete_, std::move(pattern), std::move(summary), std::move(h)});
}

const std::vector<route>& router::routes() const noexcept {
    return routes_;
}

void router::set_authorization(authorization decide) {
    for (const auto& each : routes_)
        if (!each.requirement.is_declared())
            throw std::logic_error{"the route " + std::string{name_of(each.method)} + " " + each.pattern +
                                   " does not declare what its clients need: add .scope(...), .any_principal() or .open()"};
    authorization_ = std::move(decide);
}

void router::wrap_handlers(const std::function<handler(route& r, handler h)>& wrap) {
    for (auto& each : routes_) {
        auto old_handler = std::exchange(each.handler, {});
        each.handler = wrap(each, std::move(old_handler));
    }
}

route_options router::add(route r) {
    if (r.pattern.empty() || r.pattern.front() != '/')
        throw std::logic_error{"a route must begin with a slash: " + r.pattern};

    auto* current = root_.get();
    std::string_view rest = r.pattern;
    while (const auto segment = take_segment(rest)) {
        if (current->is_tail_node)
            throw std::logic_error{"{name...} must be the last segment of a route: " + r.pattern};
        current = &current->child(*segment);
    }

    auto& index = current->routes[*index_of(r.method)];
    if (index != node::none)
        throw std::logic_error{"duplicate route: " + std::string{name_of(r.method)} + " " + r.pattern};
    index = routes_.size();
    if (current->pattern.empty())
        current->pattern = r.pattern;
    current->update_allow();
    return route_options{routes_.emplace_back(std::move(r))};
}

router::match router::find(request& q) const {
    q.parameters.clear();
    std::vector<std::string_view> values;
    const auto* end = root_->walk(q.path, values);
    if (!end)
        return {.status = status::not_found};
    if (q.method == verb::options)
        return {.status = status::no_content, .allow = end->allow, .pattern = end->pattern};

    const auto method = index_of(q.method == verb::head ? verb::get : q.method);
    if (!method || end->routes[*method] == node::none)
        return {.status = status::method_not_allowed, .allow = end->allow, .pattern = end->pattern};

    const auto& found = routes_[end->routes[*method]];
    std::string_view names = found.pattern;
    auto value = values.begin();
    while (const auto segment = take_segment(names))
        if (is_placeholder(*segment))
            q.parameters.emplace_back(name_of_placeholder(*segment), *value++);
    return {.found = &found, .allow = end->allow, .pattern = end->pattern};
}

} // namespace atrium::http
