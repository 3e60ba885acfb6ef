using CareCoordination.Application.Operations;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// Names of components that generators can make classes of. Most of them take what follows the last dot of a name, so that many types would
/// be called Resource, and one Exception: there are no dots.
/// </summary>
internal static class SchemaNames
{
    /// <summary><c>TaskRestriction</c> for <c>Task.restriction</c>.</summary>
    public static string Of(string type) => string.Concat(type.Split('.').Select(Capital));

    /// <summary><c>TaskBundle</c>: what a search for tasks finds.</summary>
    public static string OfBundle(string type) => $"{type}Bundle";

    /// <summary><c>TaskHoldParameters</c>: what an operation takes.</summary>
    public static string OfInput(Operation operation) =>
        $"{operation.ResourceType}{string.Concat(operation.Name.Split('-').Select(Capital))}Parameters";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
