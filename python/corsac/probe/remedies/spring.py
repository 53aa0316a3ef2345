"""What to write in Spring.

Here: lines for each remedy. Not here: when they are needed (`_rules.py`).
Spec: https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html
"""

LINES = {
    "list": """\
var configuration = new CorsConfiguration();
configuration.setAllowedOrigins(List.of("https://app.example"));""",
    "credentials": """\
configuration.setAllowedOrigins(List.of("https://app.example")); // no pattern "*"
configuration.setAllowCredentials(true);""",
    "names": """\
configuration.setAllowedMethods(List.of("GET", "PUT"));
configuration.setAllowedHeaders(List.of("Content-Type", "Authorization"));
configuration.setExposedHeaders(List.of("X-Request-Id"));""",
    "vary": """\
var source = new UrlBasedCorsConfigurationSource();
source.registerCorsConfiguration("/**", configuration); // each response of these paths gets Vary""",
    "preflight": """\
http.cors(withDefaults()); // in the SecurityFilterChain, with a bean corsConfigurationSource:
                           // the CorsFilter comes before authentication""",
    "every-response": """\
http.cors(withDefaults()); // the filter, not @CrossOrigin: also where no controller answers""",
    "one-value": """\
http.cors(withDefaults()); // once; no @CrossOrigin beside it, nothing in the gateway
// Spring Cloud Gateway: DedupeResponseHeader=Access-Control-Allow-Origin, RETAIN_FIRST""",
    "max-age": "configuration.setMaxAge(600L);",
}
