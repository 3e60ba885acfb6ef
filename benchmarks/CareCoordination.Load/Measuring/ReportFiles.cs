using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareCoordination.Load.Measuring;

/// <summary>What a run leaves behind: a page to read, and every figure as JSON.</summary>
internal static class ReportFiles
{
    public static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>name.json</c> and <c>name.md</c>.</summary>
    public static async Task WriteAsync<T>(
        string folder,
        string name,
        T report,
        string markdown,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, $"{name}.json"),
            JsonSerializer.Serialize(report, JsonOptions) + "\n",
            cancellationToken
        );
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), markdown, cancellationToken);
    }
}
