namespace CareCoordination.Views.Plans;

/// <summary>Names that databases take without quotes: the constraint sql-name of ViewDefinition.</summary>
internal static class SqlName
{
    public static bool IsMatch(string name) =>
        char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static string Sentence(string name, string what) =>
        $"The name '{name}' of a {what} starts with a letter and has letters, digits and underscores only.";
}
