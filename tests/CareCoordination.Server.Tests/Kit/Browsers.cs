namespace CareCoordination.Server.Tests.Kit;

/// <summary>
/// Chromium: CARE_TEST_CHROMIUM names the program, otherwise it is looked for where Debian has it. CARE_REQUIRE_BROWSER=1 turns the skip
/// into a failure.
/// </summary>
internal static class Browsers
{
    public static string Chromium()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("CARE_TEST_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ];
        if (places.FirstOrDefault(File.Exists) is { } program)
            return program;
        const string Missing = "There is no Chromium here: install it, or set CARE_TEST_CHROMIUM.";
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_BROWSER") == "1")
            Assert.Fail(Missing);
        Assert.Skip(Missing);
        return "";
    }
}
