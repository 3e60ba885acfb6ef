using System.Globalization;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Playwright;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>
/// The page as a person meets it, in headless Chromium (<see cref="Browsers"/>).
/// </summary>
public sealed class SwaggerUiTests : IAsyncLifetime
{
    private const int Tries = 4;

    // The page is to be used, which a second of waiting allows. Other tests run meanwhile, some of them in a browser too: the shortest of
    // several tries is the page's, the others are the machine's.
    private const double MostMilliseconds = 1000;

    private static readonly string[] Operations =
    [
        "System/transaction-System",
        "CarePlan/create-CarePlan",
        "CarePlan/read-CarePlan",
        "Patient/search-type-Patient",
        "PlanDefinition/update-PlanDefinition",
        "Questionnaire/conditional-patch-Questionnaire",
        "Task/complete-instance-post-Task",
        "Task/worklist-get-Task",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private TestServer? _server;

    public async ValueTask InitializeAsync()
    {
        var program = Browsers.Chromium();
        _server = await TestServer.OnSqliteAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = program,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task Operations_open_in_a_second()
    {
        foreach (var operation in Operations)
        {
            var page = await OpenAsync($"#/{operation.Split('/')[0]}");
            await page.Locator($"#operations-{operation.Replace('/', '-')}").WaitForAsync();
            var times = new List<double>();
            for (var i = 0; i < Tries; i++)
                times.Add(await OpenAndCloseAsync(page, operation.Replace('/', '-')));
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{operation}: {times.Min():0} ms")
            );
            Assert.True(times.Min() <= MostMilliseconds, $"{operation} opens in {string.Join(", ", times)} ms");
        }
    }

    [Fact]
    public async Task Nothing_is_open_at_first_and_a_link_opens_one_operation()
    {
        var page = await OpenAsync("");
        Assert.Equal(0, await page.Locator(".opblock").CountAsync());
        Assert.Equal(1, await page.Locator("input.operation-filter-input").CountAsync());

        var linked = await OpenAsync("#/Task/create-Task");
        await linked.Locator("#operations-Task-create-Task .responses-wrapper").WaitForAsync();
        Assert.Equal(1, await linked.Locator(".opblock.is-open").CountAsync());
    }

    [Theory]
    [InlineData("System/transaction-System", 200)]
    [InlineData("Patient/create-Patient", 201)]
    [InlineData("Medication/create-Medication", 201)]
    [InlineData("Task/read-Task", 200)]
    [InlineData("Task/hold-instance-post-Task", 200)]
    [InlineData("CarePlan/patch-CarePlan", 200)]
    [InlineData("Goal/search-type-Goal", 200)]
    [InlineData("Patient/conditional-update-Patient", 200)]
    [InlineData("ServiceRequest/dispatch-instance-post-ServiceRequest", 201)]
    public async Task An_example_is_accepted_when_it_is_executed_on_the_page(string operation, int status)
    {
        if (!operation.StartsWith("System", StringComparison.Ordinal))
        {
            var transaction = (await DescribedOperation.AllAsync(_server!, "v1")).Single(o =>
                o.Id == "transaction-System"
            );
            (await transaction.TryAsync(_server!)).ShouldBe(200);
        }

        var page = await OpenAsync($"#/{operation}");
        var block = page.Locator($"#operations-{operation.Replace('/', '-')}");
        await block.Locator("button.try-out__btn").First.ClickAsync();
        await block.Locator("button.execute").ClickAsync();
        var shown = block.Locator(".live-responses-table .response-col_status").Last;
        await shown.WaitForAsync();

        Assert.StartsWith(
            status.ToString(CultureInfo.InvariantCulture),
            (await shown.InnerTextAsync()).Trim(),
            StringComparison.Ordinal
        );
    }

    private async Task<IPage> OpenAsync(string fragment)
    {
        var page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync($"{_server!.Root}/swagger/index.html{fragment}");
        await page.Locator(".opblock-tag").First.WaitForAsync();
        return page;
    }

    /// <returns>From the click until the answers are painted, by the clock of the page.</returns>
    private static async Task<double> OpenAndCloseAsync(IPage page, string id)
    {
        var time = await page.EvaluateAsync<double>(
            """
            async id => {
              const block = document.getElementById('operations-' + id);
              const control = () => block.querySelector('.opblock-summary-control');
              const painted = () => new Promise(r => { requestAnimationFrame(() => setTimeout(r, 0)); setTimeout(r, 1000); });
              const begun = performance.now();
              const until = async what => {
                while (!what()) {
                  if (performance.now() - begun > 60000) throw new Error(`Waited in vain for ${what}.`);
                  await painted();
                }
              };
              control().click();
              await until(() => block.querySelector('.responses-wrapper .response'));
              await painted();
              const time = performance.now() - begun;
              control().click();
              await until(() => !block.querySelector('.responses-wrapper'));
              return time;
            }
            """,
            id
        );
        return time;
    }
}
