using System.Collections.Immutable;

namespace CareCoordination.Fuzz;

/// <summary>Headers: conditions that hold, do not, or cannot be read, and what is asked of the answer.</summary>
internal static class Headers
{
    public static ImmutableArray<KeyValuePair<string, string>> OfOperation(Dice dice) =>
        dice.Once(6)
            ? [new("Idempotency-Key", dice.Pick("k1", "k2", "", new string('k', 3000), "\"quoted\", b"))]
            : Draw(dice);

    public static ImmutableArray<KeyValuePair<string, string>> Draw(Dice dice)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        void Sometimes(string name, params ReadOnlySpan<string> values)
        {
            if (dice.Once(dice.IsSloppy ? 25 : 120))
                headers.Add(new(name, dice.Pick(values)));
        }

        Sometimes(
            "If-Match",
            "W/\"1\"",
            "W/\"2\"",
            "\"1\"",
            "*",
            "W/\"99999999999999999999\"",
            "W/\"-1\"",
            "W/\"",
            "",
            "W/\"1\", W/\"2\", *"
        );
        Sometimes("If-None-Match", "*", "W/\"1\"", "W/\"x\"", ",,,", "W/\"1\",W/\"2\"");
        Sometimes(
            "If-None-Exist",
            "identifier=urn:x|f1",
            "?name=x",
            "_id=f1",
            "",
            "&&&",
            "nothing=1",
            "name=x&_sort=y",
            "birthdate=gt9999-12-31"
        );
        Sometimes(
            "If-Modified-Since",
            "Sat, 01 Jan 2000 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "yesterday",
            "2026-01-01"
        );
        Sometimes(
            "Prefer",
            "return=minimal",
            "return=OperationOutcome",
            "handling=lenient",
            "return=minimal, handling=lenient; x=\"y",
            "respond-async",
            "=;,"
        );
        Sometimes(
            "Accept",
            "application/fhir+json",
            "application/json;q=0.1",
            "*/*",
            "application/fhir+xml",
            "application/fhir+json; fhirVersion=4.0",
            ";;,q=",
            "text/html"
        );
        Sometimes("X-Provenance", "{}", "{\"resourceType\":\"Provenance\"}");
        Sometimes("X-Request-Id", "abc", new string('x', 4000), "a b\tc");
        Sometimes("Accept-Encoding", "gzip", "br, gzip;q=0", "identity;q=0", "*");
        return headers.ToImmutable();
    }

    /// <summary>What a body is said to be, mostly what it is.</summary>
    public static string ContentType(string usual, Dice dice) =>
        dice.Slips(12)
            ? dice.Pick(
                "application/json",
                "application/fhir+json; charset=utf-16",
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json-patch+json",
                "application/fhir+json; fhirVersion=3.0",
                "application/fhir+json;charset="
            )
            : usual;
}
