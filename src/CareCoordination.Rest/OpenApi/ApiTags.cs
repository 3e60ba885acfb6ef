namespace CareCoordination.Rest.OpenApi;

/// <summary>The groups that the paths are shown in.</summary>
internal static class ApiTags
{
    public const string System = "System";

    public const string AnyResource = "Any resource";

    public static string Describe(string tag) =>
        tag switch
        {
            System => "What is asked of the server as a whole.",
            AnyResource => "Resources of every type of R4; those of care have typed paths in the other document.",
            _ => CareTypes.All[tag],
        };
}
