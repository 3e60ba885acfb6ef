namespace CareCoordination.Rest.Bundles;

/// <summary>The order in which entries take effect. https://hl7.org/fhir/R4/http.html#trules</summary>
internal static class ProcessingOrder
{
    public static bool IsRead(string method) => Of(method) == 3;

    public static int Of(string method) =>
        method switch
        {
            "DELETE" => 0,
            "POST" => 1,
            "PUT" or "PATCH" => 2,
            _ => 3,
        };
}
