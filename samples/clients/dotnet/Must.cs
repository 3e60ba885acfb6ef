namespace Stories;

internal static class Must
{
    public static void Be(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new InvalidOperationException(otherwise);
    }
}
